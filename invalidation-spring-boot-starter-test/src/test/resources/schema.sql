create table if not exists product (id bigint primary key, name varchar(100) not null);
merge into product (id, name) values (7, 'old'), (8, 'old');
