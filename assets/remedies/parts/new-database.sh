{{?exposed}}
# Make another user with the rights of the old one. rotate.sql has it for PostgreSQL, what locks the old one first.
{{:}}
# Make a second user with the rights of the old one, so that both work while readers switch. rotate.sql has it for PostgreSQL.
{{/}}
# MySQL, MariaDB: CREATE USER and GRANT. SQL Server, Oracle: CREATE LOGIN or USER. MongoDB: db.createUser, in Atlas a database
# user. Redis: ACL SETUSER. RabbitMQ: rabbitmqctl add_user. Mail: at its provider. The password or URL goes into secret.txt.
# ElastiCache and MemoryDB: modify-user of theirs takes two passwords at once. Amazon MQ: update-user.
# Where it is RDS or Aurora: aws secretsmanager rotate-secret with alternating users does this from now on.
test -e "$dir/rotate.sql" || (umask 077 && cat > "$dir/rotate.sql") <<'SQL'
{{?exposed}}
-- first, at once: the old user
ALTER ROLE PUT-THE-OLD-USER-HERE NOLOGIN;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'PUT-THE-OLD-USER-HERE';
-- then: the new user
CREATE ROLE PUT-THE-NEW-USER-HERE LOGIN IN ROLE PUT-THE-ROLE-WITH-THE-RIGHTS-HERE
  PASSWORD 'PUT-THE-NEW-PASSWORD-HERE';
-- where there has to be one user: ALTER ROLE with a new PASSWORD, at once
{{:}}
-- first: the new user
CREATE ROLE PUT-THE-NEW-USER-HERE LOGIN IN ROLE PUT-THE-ROLE-WITH-THE-RIGHTS-HERE
  PASSWORD 'PUT-THE-NEW-PASSWORD-HERE';
-- when all readers have switched: the old user
ALTER ROLE PUT-THE-OLD-USER-HERE NOLOGIN;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'PUT-THE-OLD-USER-HERE';
-- where there has to be one user: ALTER ROLE with a new PASSWORD, at the moment of the switch
{{/}}
SQL
