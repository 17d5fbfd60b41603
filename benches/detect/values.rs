//! What tables hold that is no secret: made from a seed, so that every run inspects the same items.

use dynaudit::domain::{AttributeValue, Item};

/// Numbers from a seed (splitmix64).
pub struct Seed(pub u64);

impl Seed {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn of(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.below(alphabet.len() as u64) as usize])).collect()
    }

    fn hex(&mut self, digits: usize) -> String {
        self.of(b"0123456789abcdef", digits)
    }

    fn uuid(&mut self) -> String {
        let mut part = |digits| self.hex(digits);
        format!("{}-{}-4{}-a{}-{}", part(8), part(4), part(3), part(3), part(12))
    }

    fn base64(&mut self, length: usize) -> String {
        self.of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", length)
    }

    fn date(&mut self) -> String {
        let mut two = |end| format!("{:02}", self.below(end) + 1);
        format!("2026-{}-{}T{}:{}:{}.000Z", two(12), two(28), two(22), two(58), two(58))
    }

    fn words(&mut self, count: usize) -> String {
        const WORDS: &str = "waiting carrier second attempt customer asked for the blue one left at door delivery \
                             between nine and noon invoice sent order warehouse returned because of size please call \
                             before token of appreciation";
        let all: Vec<&str> = WORDS.split_whitespace().collect();
        let words: Vec<&str> = (0..count).map(|_| self.one(&all)).collect();
        words.join(" ")
    }

    fn joined(&mut self, count: usize, between: &str, mut one: impl FnMut(&mut Self) -> String) -> String {
        let all: Vec<String> = (0..count).map(|_| one(self)).collect();
        all.join(between)
    }
}

/// A kind of value and how one of about 80 bytes is made.
pub type Kind = (&'static str, fn(&mut Seed) -> String);

/// Values of tables of orders, files and events.
pub const ORDERS: &[Kind] = &[
    ("pk", |s| format!("TENANT#{}#CUSTOMER#{}", s.uuid(), s.uuid())),
    ("sk", |s| format!("ORDER#2026-11-22T10:{}:00.000Z#{}", s.below(60), s.uuid())),
    ("note", |s| s.words(13)),
    ("picture", |s| format!("https://cdn.example.com/articles/large/{}/{}.jpg", s.hex(24), s.below(1000))),
    ("etag", |s| format!("\"{}\"", s.hex(64))),
    ("topic", |s| format!("arn:aws:sns:eu-central-1:111122223333:orders-{}", s.uuid())),
    ("address", |s| format!("{} {} Street, Springfield, {}", s.below(200), s.words(6), s.below(99_999))),
    ("status", |s| s.words(9)),
    ("content_sha256", |s| s.hex(64)),
    ("query", |s| format!("SELECT id, total FROM orders WHERE customer = {} AND state = 'open'", s.next())),
    ("trace", |s| format!("Root=1-{}-{};Parent={};Sampled=1", s.hex(8), s.hex(24), s.hex(16))),
    ("summary", |s| s.words(14)),
];

/// Values of tables of web applications and their logs.
pub const WEB: &[Kind] = &[
    ("user_agent", |s| {
        format!("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/{}.0.0.0", s.below(200))
    }),
    ("settings", |s| {
        let (theme, page) = (s.one(&["dark", "light", "system"]), s.below(100));
        format!("{{\"theme\":\"{theme}\",\"page\":{page},\"zone\":\"Europe/Berlin\",\"news\":true,\"v\":3}}")
    }),
    ("thumbnail", |s| format!("/9j/4AAQSkZJRgABAQAAAQABAAD/{}", s.base64(52))),
    ("object", |s| format!("s3://example-uploads/{}/{}/photo-{}.png", s.date(), s.uuid(), s.below(100))),
    ("dates", |s| s.joined(3, ",", Seed::date)),
    ("log", |s| format!("{} INFO [worker-{}] finished job {} in 35 ms", s.date(), s.below(9), s.uuid())),
    ("link", |s| {
        format!("https://www.example.com/search?q={}&page={}&sort=price&lang=de", s.hex(12), s.below(50))
    }),
    ("emails", |s| {
        s.joined(3, ", ", |s| format!("{}.{}@example.org", s.hex(6), s.one(&["smith", "doe", "lee"])))
    }),
    ("traceparent", |s| format!("00-{}-{}-01,00-{}-01", s.hex(32), s.hex(16), s.hex(16))),
    ("vector", |s| s.joined(10, ",", |s| format!("0.{:06}", s.below(1_000_000)))),
    ("html", |s| format!("<p class=\"note\">{}</p><br/>", s.words(9))),
    ("ids", |s| s.joined(3, ",", |s| s.of(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", 26))),
];

/// Other kinds, for the table alone.
pub const OTHERS: &[Kind] = &[
    ("cursor", |s| {
        let text = format!("{{\"pk\":\"TENANT#{}\",\"at\":{}}}", s.hex(20), s.below(1 << 40));
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text)
    }),
    ("json of strings", |s| format!("{{\"id\":\"{}\",\"note\":\"{}\"}}", s.uuid(), s.words(4))),
    ("json list", |s| format!("[{}]", s.joined(7, ",", |s| format!("\"{}\"", s.hex(8))))),
    ("escaped json", |s| {
        format!("{{\"a\":\"{{\\\"b\\\":\\\"{}\\\",\\\"c\\\":\\\"{}\\\"}}\"}}", s.uuid(), s.words(3))
    }),
    ("base64", |s| s.base64(80)),
    ("base64url", |s| s.base64(80).replace(['+', '/'], "-")),
    ("md5", |s| s.hex(32)),
    ("uuid", Seed::uuid),
    ("date", Seed::date),
    ("word", |s| s.one(&["OPEN", "shipped", "cancelled", "ACTIVE"]).to_owned()),
    ("short words", |s| s.words(3)),
    ("digits", |s| s.of(b"0123456789", 80)),
    ("cyrillic", |s| s.joined(6, " ", |s| s.one(&["доставка", "заказ", "возврат", "улица"]).to_owned())),
    ("japanese", |s| s.joined(6, "", |s| s.one(&["注文", "配達", "返品", "東京都"]).to_owned())),
    ("percent", |s| format!("name%3D{}%26city%3DSpringfield%20{}", s.hex(12), s.hex(24))),
    ("form", |s| format!("first={}&second={}&third={}", s.hex(12), s.words(1), s.hex(20))),
    ("yaml", |s| {
        format!("kind: {}\nsize: {}\nlabels:\n  - {}\n  - {}\n", s.words(1), s.below(99), s.hex(12), s.hex(8))
    }),
    ("env", |s| format!("LEVEL=info\nREGION=eu-central-1\nBUILD={}\nPORT={}\n", s.hex(20), s.below(9999))),
    ("path", |s| format!("/var/lib/example/uploads/{}/{}/report-{}.pdf", s.hex(8), s.hex(8), s.below(100))),
    ("stack", |s| format!("at com.example.orders.OrderService.place(OrderService.java:{})", s.below(500))),
    ("csv", |s| format!("{},{},\"{}\",{},EUR", s.below(9999), s.date(), s.words(3), s.below(99_999))),
    ("key words", |s| {
        s.joined(10, " ", |s| s.one(&["token", "key", "secret", "password", "auth", "api"]).to_owned())
    }),
    ("key names", |s| {
        s.joined(3, ",", |s| format!("{}_key_id={}", s.one(&["api", "auth", "user"]), s.below(999)))
    }),
    ("providers", |s| {
        s.joined(8, " ", |s| s.one(&["stripe", "github", "twilio", "slack", "datadog"]).to_owned())
    }),
    ("jwt kid", |s| format!("{}.{}.{}", s.hex(24), s.hex(24), s.hex(24))),
    ("nanoids", |s| {
        s.joined(4, ":", |s| s.of(b"useandom26T198340PX75pxJACKVERYMINDBUSHWOLFGQZbfghjklqvwyzrict_-", 21))
    }),
];

/// Items of one value of each kind, under its name.
pub fn items(kinds: &[Kind], count: usize) -> Vec<Item> {
    let mut seed = Seed(42);
    let mut value = |(name, make): &Kind| ((*name).to_owned(), AttributeValue::S(make(&mut seed)));
    (0..count).map(|_| Item::new(kinds.iter().map(&mut value).collect())).collect()
}

/// Items of twelve values of one kind, under names of no meaning.
pub fn items_of(kind: Kind, count: usize) -> Vec<Item> {
    const NAMES: [&str; 12] = ["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10", "n11", "n12"];
    items(&NAMES.map(|name| (name, kind.1)), count)
}
