insert into users (name) values ('never');
insert into nowhere values (1);
