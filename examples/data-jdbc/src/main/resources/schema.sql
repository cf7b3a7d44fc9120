create table if not exists product (id bigint primary key, name varchar(100));
merge into product key (id) values (1, 'Bread');
