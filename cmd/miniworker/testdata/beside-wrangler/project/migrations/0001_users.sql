create table users (id integer primary key, name text, score real, data blob);
insert into users (name, score) values ('ann', 1.5), ('bob', 2);
