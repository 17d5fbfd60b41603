//! Names of passwords: the words for one in several languages, what may stand around them, and what only looks like one.

/// How the name of a password ends, without its separators.
pub(super) const PASSWORDS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passwrd",
    "pswd",
    "senha",
    "motdepasse",
    "passwort",
    "kennwort",
    "contrasena",
    "contraseña",
    "contraseny",
    "wachtwoord",
    "parola",
    "haslo",
    "hasło",
    "lösenord",
    "пароль",
    "密码",
    "パスワード",
    "비밀번호",
    "heslo",
    "jelszo",
    "jelszó",
    "salasana",
    "sifre",
    "şifre",
    "adgangskode",
    "passord",
    "κωδικός",
    "psk",
    "wifikey",
    "wpakey",
];

/// Words that are a password's name by themselves, and other things too: only what stands beside them tells.
pub(super) const ALONE: &[&str] = &["pass", "passcode", "clave", "pw", "psw", "pword"];

/// What may stand after the word for a password.
const AFTER: &[&str] = &[
    "plaintext",
    "plain",
    "value",
    "confirmation",
    "confirm",
    "new",
    "old",
    "current",
    "raw",
    "clear",
    "cleartext",
    "repeat",
];

/// Whether a name is that of a password in clear: it ends in a word for one, but for a number or a word of which one it is.
pub(super) fn is_password(flat: &str) -> bool {
    let bare = flat.trim_end_matches(|c: char| c.is_ascii_digit());
    let bare = AFTER.iter().find_map(|word| bare.strip_suffix(word)).unwrap_or(bare);
    PASSWORDS.iter().any(|end| bare.ends_with(end)) || ALONE.contains(&bare)
}

/// Whether a name says that its value is a password only where something beside it does.
pub(super) fn is_password_perhaps(name: &str) -> bool {
    ALONE.iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// What is done about a password: a name with one of these is that of a page, a permission or an event.
pub(super) const DONE: &[&str] = &[
    "event",
    "events",
    "audit",
    "policy",
    "rule",
    "rules",
    "button",
    "prompt",
    "page",
    "title",
    "text",
    "message",
    "error",
    "placeholder",
    "help",
    "forgot",
    "forgotten",
    "reset",
    "change",
    "changed",
    "update",
    "updated",
    "show",
    "hide",
    "require",
    "verify",
    "validate",
    "check",
    "recover",
    "expire",
    "expired",
    "invalid",
    "wrong",
    "incorrect",
    "missing",
];

/// Words for a password that mean other things too: they are one after whom or what it lets in.
pub(super) const SHORT: &[&str] = &["pass", "pw", "psw"];

/// Whom a password lets in, besides databases and services.
const PEOPLE: &[&str] = &[
    "user", "admin", "root", "login", "account", "auth", "email", "ssh", "wifi", "master", "become", "sudo",
    "vnc", "rdp", "vpn", "smb", "cifs", "store", "keystore", "ipmi", "bmc", "portal",
];

/// What stands before `password`, without separators, where it is that of a database.
pub(super) const DATABASES: &[&str] = &[
    "db",
    "database",
    "mysql",
    "mariadb",
    "postgres",
    "postgresql",
    "pg",
    "sql",
    "mssql",
    "oracle",
    "mongo",
    "mongodb",
    "redis",
    "rds",
    "aurora",
    "jdbc",
    "cassandra",
    "clickhouse",
];
/// The same of another service.
pub(super) const SERVICES: &[&str] = &[
    "smtp",
    "mail",
    "emailhost",
    "imap",
    "ftp",
    "sftp",
    "ldap",
    "ldapbind",
    "bind",
    "amqp",
    "rabbitmq",
    "mqtt",
    "kafka",
    "proxy",
    "broker",
    "keystore",
    "truststore",
    "registry",
    "docker",
    "jenkins",
    "service",
    "svc",
    "api",
];

/// Whether a word is one for whom or what a password lets in.
pub(super) fn lets_in(word: &str) -> bool {
    [PEOPLE, DATABASES, SERVICES].iter().any(|words| words.contains(&word))
}

/// What stands before the word for a password, in a name without separators that ends in it.
pub(super) fn before_password(flat: &str) -> Option<&str> {
    PASSWORDS.iter().chain(SHORT).find_map(|end| flat.strip_suffix(end))
}
