//! Secrets that no form tells: tokens in composed keys, passwords as people write them, session stores by their shape, and
//! what programs tell of themselves. Each from the manual of what writes it.

/// Family, kind, and the attributes of an item: a name and a template; one that begins with `n:` is a number.
pub type Written = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const KEYS: &str = "tokens in keys";
const TEXTS: &str = "passwords in texts";
const PEOPLE: &str = "passwords of people";
const STORES: &str = "session stores by shape";
const DUMPS: &str = "dumps of programs";

/// A text in the attribute of a note.
macro_rules! text {
    ($kind:literal, $form:literal) => {
        (TEXTS, $kind, &[("note", $form)])
    };
}

pub const WRITTEN: &[Written] = &[
    (KEYS, "SESSION#", &[("pk", "SESSION#<w:32>"), ("userId", "<uuid>")]),
    (KEYS, "sess:", &[("id", "sess:<w:32>")]),
    (KEYS, "SESSION# behind a user", &[("pk", "USER#<uuid>"), ("sk", "SESSION#<x:64>")]),
    (KEYS, "APIKEY#", &[("pk", "APIKEY#<a:40>"), ("sk", "META")]),
    (KEYS, "API_KEY|", &[("pk", "API_KEY|<x:40>"), ("sk", "META")]),
    (KEYS, "TOKEN#", &[("pk", "TENANT#<w1>"), ("sk", "TOKEN#<w:43>")]),
    (KEYS, "RESET#", &[("pk", "RESET#<w:43>"), ("mail", "<mail>")]),
    (KEYS, "VERIFY_EMAIL:", &[("pk", "VERIFY_EMAIL:<x:64>")]),
    (KEYS, "REFRESH_TOKEN#", &[("GSI1PK", "REFRESH_TOKEN#<w:64>")]),
    (KEYS, "MAGIC_LINK#", &[("pk", "MAGIC_LINK#<w:43>")]),
    (KEYS, "laravel_session:", &[("key", "laravel_session:<a:40>")]),
    (KEYS, "session-", &[("pk", "session-<a:40>")]),
    (PEOPLE, "word and digits, an e-mail beside", &[("email", "<mail>"), ("password", "<w1><d:3>")]),
    (PEOPLE, "a word, a login beside", &[("username", "<w1>"), ("password", "<w1>")]),
    (PEOPLE, "words and hyphens", &[("login", "<w1>"), ("passwd", "<w1>-<w1>-<w1>")]),
    (PEOPLE, "a sign first", &[("user", "<w1>"), ("pwd", "$<w1><d:2>")]),
    (PEOPLE, "six digits", &[("email", "<mail>"), ("password", "<d:6>")]),
    (PEOPLE, "of a database", &[("db_password", "<w1><d:2>")]),
    (PEOPLE, "of a setting", &[("name", "DB_PASSWORD"), ("value", "<w1><d:2>")]),
    (PEOPLE, "in Spanish", &[("usuario", "<w1>"), ("contraseña", "<w1><d:2>")]),
    (PEOPLE, "in German", &[("benutzer", "<w1>"), ("passwort", "<w1><d:2>")]),
    text!("ADO.NET", "Server=<host>,1433;Database=shop;User Id=app;Password=<w1><d:3>;Encrypt=true"),
    text!("ODBC", "Driver={ODBC Driver 18 for SQL Server};Server=<host>;UID=app;PWD=<w1><d:3>"),
    text!("Npgsql", "Host=<host>;Username=app;Password=<w1>;Database=shop"),
    text!("JDBC, as parameters", "jdbc:mysql://<host>/shop?user=app&password=<w1><d:3>&useSSL=true"),
    text!("JDBC of SQL Server", "jdbc:sqlserver://<host>;databaseName=x;user=app;password=<w1><d:3>;"),
    text!(
        "JAAS",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"app\" password=\"<w1><d:3>\";"
    ),
    text!("libpq", "host=<host> dbname=shop user=app password=<w1><d:3>"),
    text!("Go's MySQL", "app:<w1><d:3>@tcp(<host>:3306)/shop"),
    text!("pgpass", "<host>:5432:shop:app:<w1><d:3>"),
    text!("netrc", "machine <host> login app password <w1><d:3>"),
    text!("INI", "[client]\nuser=app\npassword=<w1><d:3>\n"),
    text!("properties", "spring.datasource.username=app\nspring.datasource.password=<w1>\n"),
    text!("YAML", "database:\n  user: app\n  password: <w1><d:3>\n"),
    text!("environment", "export DB_PASSWORD=<w1><d:3>"),
    text!("Redis", "requirepass <w1><d:3>"),
    text!("XML element", "<<username>app<</username><<password><w1><d:3><</password>"),
    text!("XML attributes", "<<add key=\"SmtpPassword\" value=\"<w1><d:3>\" />"),
    text!("PHP", "define('DB_PASSWORD', '<w1><d:3>');"),
    text!("Python", "'USER': 'app', 'PASSWORD': '<w1><d:3>', 'HOST': '<host>'"),
    text!("JavaScript", "const password = \"<w1><d:3>\";"),
    text!("CREATE USER", "CREATE USER 'app'@'%' IDENTIFIED BY '<w1><d:3>'"),
    text!("ALTER USER", "ALTER USER app WITH PASSWORD '<w1><d:3>'"),
    text!("curl", "curl -s -u app:<w1><d:3> https://<host>/v1"),
    text!("mysql", "mysql -h <host> -u app -p<w1><d:3> shop"),
    text!("psql", "PGPASSWORD=<w1><d:3> psql -h <host> -U app shop"),
    text!("sshpass", "sshpass -p '<w1><d:3>' ssh app@<host>"),
    text!("redis-cli", "redis-cli -h <host> -a <w1><d:3> ping"),
    text!("ldapsearch", "ldapsearch -x -D cn=app,dc=x -w <w1><d:3> -b dc=x"),
    text!("docker login", "docker login -u app -p <w1><d:3> <host>"),
    text!("--password", "deploy --user app --password <w1><d:3> --force"),
    text!("a form", "username=app&password=<w1><d:3>&grant_type=password"),
    text!("a sentence", "Hi, the login is app and the password is <w1><d:4>."),
    text!("in French", "Identifiant : app\nMot de passe : <w1><d:4>"),
    (STORES, "koa", &[("sid", "<w:32>"), ("session", "{\"user\":7}"), ("expires", "n:<epoch>")]),
    (
        STORES,
        "gorilla",
        &[
            ("id", "<b:52>"),
            ("data", "{\"user\":7}"),
            ("modified_at", "n:<epoch>"),
            ("expires_on", "n:<epoch>"),
        ],
    ),
    (
        STORES,
        "ASP.NET",
        &[
            ("SessionId", "<l:24>"),
            ("Expires", "n:<epoch>"),
            ("LockId", "n:1"),
            ("SessionItems", "<b64 <l:40>>"),
        ],
    ),
    (STORES, "Lucia", &[("PK", "SESSION#<l:40>"), ("UserId", "<uuid>"), ("ExpiresAt", "<iso>")]),
    (
        STORES,
        "Symfony",
        &[
            ("sess_id", "<l:26>"),
            ("sess_data", "_sf2_attributes|a:0:{}"),
            ("sess_time", "n:<epoch>"),
            ("sess_lifetime", "n:1440"),
        ],
    ),
    (STORES, "Yii", &[("id", "<l:26>"), ("expire", "n:<epoch>"), ("data", "__id|i:1;__flash|a:0:{}")]),
    (
        STORES,
        "one's own",
        &[("key", "<w:36>"), ("store", "{\"user\":7}"), ("ttl", "n:<epoch>"), ("createdAt", "<iso>")],
    ),
    (
        STORES,
        "one's own, last seen",
        &[
            ("hashKey", "<a:43>"),
            ("payload", "{\"user\":7}"),
            ("expireAt", "n:<epoch>"),
            ("lastSeen", "n:<epoch>"),
        ],
    ),
    (
        STORES,
        "one's own, without times",
        &[("id", "<w:22>"), ("data", "{\"user\":7}"), ("expiry_date", "n:<epoch>")],
    ),
    (
        DUMPS,
        "Python",
        &[(
            "error",
            "Traceback (most recent call last):\n  File \"/srv/<w1>.py\", line <d:2>, in get\nValueError: <w1>",
        )],
    ),
    (
        DUMPS,
        "Java",
        &[("error", "E: <w1>\n\tat com.<w1>.A.b(A.java:<d:2>)\n\tat com.<w1>.C.d(C.java:<d:2>)")],
    ),
    (
        DUMPS,
        "JavaScript",
        &[("error", "TypeError: <w1>\n    at f (/var/task/<w1>.js:12:21)\n    at g (/var/task/<w1>.js:5:9)")],
    ),
    (DUMPS, "Go", &[("error", "panic: <w1>\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/<w1>.go:<d:2>")]),
    (
        DUMPS,
        "Django's debug page",
        &[(
            "body",
            "<<h1>E at /<w1>/<</h1> You're seeing this error because you have <<code>DEBUG = True<</code> in your Django settings file.",
        )],
    ),
    (
        DUMPS,
        "environment",
        &[("body", "PATH=/usr/bin\nHOME=/root\nLANG=C\nSHLVL=0\nAWS_REGION=<region>\nTASK=<w1>")],
    ),
    (DUMPS, "request", &[("body", "POST /<w1> HTTP/1.1\r\nHost: <host>\r\nAccept: */*\r\n\r\na=b")]),
];
