insert into users (name, data) values ('carl', x'00ff');
select id, name, data from users where data is not null;
