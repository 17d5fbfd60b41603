//! Values that are no secrets, as DynamoDB tables hold them, under the names they stand under.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dynaudit::domain::AttributeValue::{self, B, N, S};

use super::seed::Seed;

/// Kind, the names it stands under, and how one is made.
pub type Benign = (&'static str, &'static [&'static str], fn(&mut Seed) -> AttributeValue);

/// A string from a template.
macro_rules! t {
    ($form:expr) => {
        |seed| S(seed.fill($form))
    };
}

fn base64(head: &[u8], seed: &mut Seed, length: usize) -> String {
    STANDARD.encode([head.to_vec(), seed.bytes(length)].concat())
}

fn list(seed: &mut Seed, form: &str, length: u64) -> AttributeValue {
    AttributeValue::L((0..length).map(|_| S(seed.fill(form))).collect())
}

const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n\x00\x00\x00\rIHDR\x00\x00\x00\x40\x00\x00\x00\x40\x08\x06";
/// What a KMS ciphertext begins with.
const KMS: &[u8] = &[0x01, 0x02, 0x02, 0x00, 0x78];

pub const BENIGN: &[Benign] = &[
    ("UUID", &["id", "orderId", "GSI1SK", "requestId"], t!("<uuid>")),
    ("UUID without hyphens", &["id", "traceId"], t!("<x:32>")),
    ("prefixed key with a UUID", &["sk", "GSI1PK"], t!("ORDER#<uuid>")),
    ("composite key", &["sk"], t!("TENANT#<w1>#ORDER#<iso>#<ulid>")),
    ("ULID", &["id", "sk"], t!("<ulid>")),
    ("KSUID", &["id", "eventId"], t!("<ksuid>")),
    ("nanoid", &["id", "slug"], t!("<nanoid>")),
    ("MongoDB object id", &["_id", "legacyId"], t!("6<x:23>")),
    ("CUID2", &["id"], t!("c<l:23>")),
    ("snowflake id", &["id"], t!("1<d:18>")),
    ("ISO time", &["createdAt", "updatedAt"], t!("<iso>")),
    ("epoch seconds", &["ttl", "expires"], |seed| N(seed.fill("<epoch>"))),
    ("SHA-256 of content", &["sha256", "contentHash", "checksum"], t!("<x:64>")),
    ("MD5 of content", &["md5", "contentMd5"], t!("<x:32>")),
    ("hash under a dull name", &["value", "hash", "digest"], t!("<x:64>")),
    ("SHA-256 in base64", &["checksumSHA256", "integrity"], t!("sha256-<bytes:32>")),
    ("SRI sha512", &["integrity"], t!("sha512-<bytes:64>")),
    ("ETag", &["etag", "ETag"], t!("\"<x:32>\"")),
    ("ETag of parts", &["etag"], t!("\"<x:32>-<num:2-90>\"")),
    ("weak ETag", &["etag"], t!("W/\"<x:8>-<a:27>\"")),
    ("S3 version id", &["versionId"], t!("<w:32>")),
    ("ARN of a role", &["roleArn"], t!("arn:aws:iam::<d:12>:role/<w1>-<w1>-<a:12>")),
    (
        "ARN of a secret",
        &["secretArn", "credentials"],
        t!("arn:aws:secretsmanager:<region>:<d:12>:secret:<w1>/<w1>-<a:6>"),
    ),
    ("ARN of a KMS key", &["kmsKeyId"], t!("arn:aws:kms:<region>:<d:12>:key/<uuid>")),
    ("S3 key", &["s3Key", "path"], t!("uploads/2026/11/<uuid>/<w1>-<w1>.pdf")),
    ("S3 URL", &["url"], t!("s3://<w1>-<w1>-<d:12>/<x:2>/<x:64>.parquet")),
    ("CDN URL", &["imageUrl"], t!("https://cdn.example.com/i/<x:40>/<w1>.jpg?w=640&v=<x:8>")),
    (
        "URL with a long query",
        &["url", "referrer"],
        t!(
            "https://<host>/<w1>?utm_source=<w1>&utm_campaign=<w1>-<d:4>&gclid=<w:86>&fbclid=IwAR<w:57>&page=<d:2>"
        ),
    ),
    ("video id in a URL", &["video"], t!("https://www.youtube.com/watch?v=<w:11>&t=<d:2>")),
    ("map link", &["map"], t!("https://maps.example.com/?q=<num:10-59>.<d:6>,<num:10-59>.<d:6>&z=14")),
    (
        "page cursor",
        &["cursor", "endCursor"],
        t!("<b64 {\"pk\":{\"S\":\"ORDER#<uuid>\"},\"sk\":{\"S\":\"<iso>\"}}>"),
    ),
    ("next token", &["nextToken", "continuationToken"], t!("<bytes:120>")),
    ("Relay id", &["nodeId"], t!("<b64 Order:<d:8>>")),
    (
        "Terraform lock",
        &["Info"],
        t!(
            "{\"ID\":\"<uuid>\",\"Operation\":\"OperationTypeApply\",\"Info\":\"\",\"Who\":\"<w1>@<w1>\",\"Version\":\"1.9.5\",\"Created\":\"<iso>\",\"Path\":\"<w1>/terraform.tfstate\"}"
        ),
    ),
    ("Terraform digest", &["Digest"], t!("<x:32>")),
    ("idempotency row", &["id"], t!("<w1>-handler.handle#<x:32>")),
    ("idempotency token", &["idempotencyToken", "clientRequestToken"], t!("<uuid>")),
    (
        "Amplify model",
        &["data"],
        t!(
            "{\"__typename\":\"Post\",\"_version\":<d:2>,\"_lastChangedAt\":<epoch>000,\"id\":\"<uuid>\",\"owner\":\"<uuid>::<uuid>\"}"
        ),
    ),
    ("Cognito sub and identity", &["owner", "identityId"], t!("<region>:<uuid>")),
    ("did:key", &["did", "issuer"], t!("did:key:z6Mk<B:44>")),
    ("did:web", &["did"], t!("did:web:<host>")),
    ("IPFS CID", &["cid"], t!("bafybei<l:52>")),
    ("IPFS CID version 0", &["cid"], t!("Qm<B:44>")),
    (
        "SQL",
        &["query"],
        t!(
            "SELECT o.id, o.total FROM <w1>_orders o JOIN <w1> t ON t.id = o.tid WHERE o.token_count > <d:3> AND o.created_at > '<iso>' LIMIT 50"
        ),
    ),
    (
        "JSON config",
        &["config"],
        t!(
            "{\"theme\":\"<w1>\",\"maxTokens\":4096,\"passwordPolicy\":\"strict\",\"features\":{\"<w1>\":true,\"<w1>\":false},\"build\":\"<x:40>\"}"
        ),
    ),
    (
        "YAML config",
        &["manifest"],
        t!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: <w1>-<w1>\nspec:\n  replicas: 3\n  secretName: <w1>-tls\n"
        ),
    ),
    ("thumbnail, binary", &["thumbnail"], |seed| B([JPEG.to_vec(), seed.bytes(400)].concat())),
    ("image as a data URL", &["avatar"], |seed| {
        S(format!("data:image/png;base64,{}", base64(PNG, seed, 300)))
    }),
    ("image in base64", &["image"], |seed| S(base64(JPEG, seed, 300))),
    ("embedding, numbers", &["embedding"], |seed| {
        S(format!("[{}]", (0..48).map(|_| seed.fill("-0.0<d:7>")).collect::<Vec<_>>().join(",")))
    }),
    ("embedding, binary", &["vector"], |seed| {
        B((0..96).flat_map(|_| (seed.number(0, 2_000_000) as f32 / 1e6 - 1.0).to_le_bytes()).collect())
    }),
    ("embedding in base64", &["vector"], |seed| {
        let floats: Vec<u8> =
            (0..64).flat_map(|_| (seed.number(0, 2_000_000) as f32 / 1e6 - 1.0).to_le_bytes()).collect();
        S(STANDARD.encode(floats))
    }),
    ("public key in PEM", &["publicKey"], t!("<pem PUBLIC KEY>")),
    ("certificate in PEM", &["certificate"], t!("<pem CERTIFICATE>")),
    ("SSH public key", &["sshPublicKey"], t!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI<s:43> <w1>@<w1>")),
    (
        "JWK, public",
        &["jwk"],
        t!("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"use\":\"sig\",\"kid\":\"<uuid>\",\"n\":\"<w:342>\"}"),
    ),
    ("WebAuthn credential id", &["credentialID"], t!("<w:43>")),
    ("VAPID public key", &["vapidPublicKey"], t!("B<w:86>")),
    ("KMS ciphertext, binary", &["ciphertext"], |seed| B([KMS.to_vec(), seed.bytes(180)].concat())),
    ("KMS ciphertext in base64", &["encryptedPassword", "ciphertextBlob"], |seed| S(base64(KMS, seed, 180))),
    ("Stripe customer id", &["stripeCustomerId", "customer"], t!("cus_<a:14>")),
    ("Stripe payment intent id", &["paymentIntent"], t!("pi_3<a:23>")),
    ("Stripe event id", &["eventId"], t!("evt_1<a:23>")),
    ("Stripe publishable key", &["stripePublishableKey"], t!("pk_live_51<a:97>")),
    ("geohash", &["geohash"], t!("u<l:8>")),
    ("coordinates", &["location"], t!("<num:10-59>.<d:6>,<num:10-59>.<d:6>")),
    ("phone number", &["phone"], t!("+49<d:10>")),
    ("e-mail address", &["email", "GSI1PK"], t!("<mail>")),
    ("postal address", &["address"], t!("<num:1-99> <Words:1> Street, <d:5> <Words:1>")),
    (
        "markdown",
        &["body"],
        t!(
            "# <Words:3>\n\n<Words:12>.\n\n- [<w1>](https://<host>/<w1>)\n- `<w1>`\n\n```sh\nmake <w1>\n```\n"
        ),
    ),
    (
        "HTML",
        &["html"],
        t!(
            "<<div class=\"<w1> <w1>\" id=\"n<x:8>\"><<p><Words:9>.<</p><<img src=\"https://<host>/<x:32>.png\"/><</div>"
        ),
    ),
    (
        "SVG path",
        &["icon"],
        t!(
            "<<svg viewBox=\"0 0 24 24\"><<path d=\"M12 2L<d:1>.<d:2> <d:2>.<d:2>C<d:1>.<d:2> <d:2>.<d:2> 7 9 12 2z\"/><</svg>"
        ),
    ),
    (
        "user agent",
        &["userAgent"],
        t!(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1<d:2>.0.<d:4>.<d:2> Safari/537.36"
        ),
    ),
    ("IPv6 address", &["ip"], t!("2001:db8:<x:4>:<x:4>:<x:4>:<x:4>:<x:4>:<x:4>")),
    ("semantic version", &["version"], t!("<d:1>.<num:0-40>.<num:0-90>-rc.<d:1>+build.<x:8>")),
    ("base32 code", &["code", "shareCode"], t!("<b:16>")),
    ("voucher", &["coupon"], t!("<ID:4>-<ID:4>-<ID:4>-<ID:4>")),
    ("serial number", &["serial"], t!("SN-<u:4>-<d:8>-<u:3>")),
    ("order number", &["orderNumber"], t!("2026-<d:7>-<d:3>")),
    ("IBAN", &["iban"], t!("DE<d:20>")),
    ("tracking number", &["tracking"], t!("1Z<u:6><d:10>")),
    ("VIN", &["vin"], t!("WVWZZZ1J<u:1>W<d:7>")),
    ("ISBN", &["isbn"], t!("978-3-<d:5>-<d:3>-<d:1>")),
    ("protobuf in base64", &["payload"], |seed| {
        let id = seed.fill("<uuid>");
        S(base64(&[&[0x0A, 36], id.as_bytes(), &[0x10, 5, 0x1A, 60]].concat(), seed, 60))
    }),
    ("protobuf, binary", &["payload"], |seed| {
        let id = seed.fill("<uuid>");
        B([&[0x0A, 36], id.as_bytes(), &[0x10, 5, 0x1A, 60], &seed.bytes(60)].concat())
    }),
    ("gzip of JSON", &["body"], |seed| {
        let json = seed.fill("{\"title\":\"<Words:4>\",\"rows\":[<d:3>,<d:3>],\"etag\":\"<x:32>\"}");
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(json.as_bytes()).expect("memory");
        B(out.finish().expect("memory"))
    }),
    (
        "minified JavaScript",
        &["script"],
        t!(
            "!function(e,t){var n=e.token||{},r=t[\"<w1>\"];n.password=r.getPassword();for(var o=0;o<<n.length;o++)r.<w1>(n[o],\"<x:8>\")}(window,document);"
        ),
    ),
    ("CSS", &["style"], t!(".<w1>-<x:6>{color:#<x:6>;background:url(/<w1>.<x:8>.png) no-repeat}")),
    ("git commit", &["commit", "ref"], t!("<x:40>")),
    ("docker digest", &["image"], t!("<d:12>.dkr.ecr.<region>.amazonaws.com/<w1>@sha256:<x:64>")),
    ("Kubernetes name", &["pod"], t!("<w1>-<w1>-<l:10>-<l:5>")),
    ("cron line", &["schedule"], t!("cron(<num:0-59> <num:0-23> ? * MON-FRI *)")),
    (
        "log line",
        &["message"],
        t!("<iso> INFO  [<w1>] request <uuid> finished in <d:3> ms, token refresh not needed"),
    ),
    ("trace header", &["traceparent", "xray"], t!("00-<x:32>-<x:16>-01")),
    ("X-Ray id", &["traceId"], t!("Root=1-<x:8>-<x:24>;Parent=<x:16>;Sampled=1")),
    (
        "German text",
        &["text"],
        t!("Das Passwort für <Words:1> muss mindestens zwölf Zeichen haben, sagt <Words:1>."),
    ),
    ("French text", &["text"], t!("Le mot de passe de <Words:1> doit comporter douze caractères.")),
    ("Spanish text", &["text"], t!("La contraseña de <Words:1> caducó; pulse aquí para cambiarla.")),
    ("Japanese text", &["text"], t!("パスワードを忘れた場合は、<Words:1>までお問い合わせください。")),
    ("Russian text", &["text"], t!("Пароль для <Words:1> должен содержать не менее двенадцати символов.")),
    (
        "label of a password field",
        &["passwordLabel", "tokenHelp"],
        t!("Enter the password of your <w1> account"),
    ),
    (
        "form translations",
        &["translations"],
        t!("{\"password\":\"Mot de passe\",\"token\":\"Jeton\",\"apiKey\":\"Clé d'API de <w1>\"}"),
    ),
    (
        "policy document",
        &["policy"],
        t!(
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"secretsmanager:GetSecretValue\",\"Resource\":\"arn:aws:secretsmanager:<region>:<d:12>:secret:<w1>-??????\"}]}"
        ),
    ),
    ("token counts", &["totalTokens", "maxTokens"], t!("<d:5>")),
    ("key prefix and last four", &["apiKeyPrefix", "apiKeyLast4"], t!("<a:4>")),
    ("hash of an API key", &["apiKeyHash", "tokenSha256"], t!("<x:64>")),
    ("name of a secret", &["secretName", "tokenName"], t!("prod/<w1>/<w1>-api-key")),
    ("password policy", &["passwordPolicy"], t!("minimum-<d:2>-characters")),
    ("tags", &["tags"], |seed| list(seed, "<w1>-<d:3>", 5)),
    ("DynamoDB stream shard", &["shardIterator", "sequence"], t!("shardId-000000<d:14>-<x:8>")),
    ("lambda request id and log stream", &["logStream"], t!("2026/11/23/[$LATEST]<x:32>")),
    ("CloudFormation logical id", &["logicalId"], t!("<Words:1>Function<X:8>")),
    (
        "ICS event",
        &["ics"],
        t!("BEGIN:VEVENT\nUID:<uuid>@<host>\nDTSTART:20261123T090000Z\nSUMMARY:<Words:3>\nEND:VEVENT\n"),
    ),
    ("chess game", &["pgn"], t!("1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O Be7 6. Re1 b5 7. Bb3 d6")),
    ("DNA sequence", &["sequence"], |seed| {
        S((0..80).map(|_| seed.pick(&["A", "C", "G", "T"])).collect::<String>())
    }),
    ("CSV rows", &["csv"], t!("id,name,total\n<d:4>,<w1>,<d:3>.<d:2>\n<d:4>,<w1>,<d:3>.<d:2>\n")),
    (
        "feature flags",
        &["flags"],
        t!("{\"new-token-flow\":true,\"password-less\":false,\"<w1>-<w1>\":\"variant-<d:1>\"}"),
    ),
    ("push device id", &["deviceId"], t!("<X:8>-<X:4>-<X:4>-<X:4>-<X:12>")),
    ("WebSocket connection id", &["connectionId"], t!("<a:14>=")),
    ("email message id", &["messageId"], t!("<<010<x:13>-<uuid>-000000@<region>.amazonses.com>")),
    // Names that hold a word of secrets, and say something about one.
    (
        "id under a wide name",
        &[
            "key",
            "tokenId",
            "token_id",
            "apiKeyId",
            "cacheKey",
            "routingKey",
            "primaryKey",
            "credentialId",
            "requestId",
        ],
        t!("<a:24>"),
    ),
    ("hexadecimal id under a wide name", &["keyId", "groupKey", "licenseId", "accessLogId"], t!("<x:24>")),
    ("token that is no secret", &["nextToken", "pageToken", "syncToken", "clientRequestToken"], t!("<l:27>")),
    ("kind of token", &["token_type", "tokenUse", "tokenKind"], t!("<w1>-access-token-v<d:1>")),
    ("provider of a login", &["auth_provider", "oauthProvider"], t!("<w1>-oauth2-<d:2>")),
    ("level of access", &["access_level", "accessLevel"], t!("<w1>-read-write-<d:2>")),
    ("algorithm of a signature", &["signature_algorithm", "passwordAlgorithm"], t!("RSASSA_PSS_SHA_<d:3>")),
    ("design token", &["designToken", "colorToken", "spacingToken"], t!("--<w1>-<w1>-<d:3>")),
    ("token of a chain", &["tokenAddress", "tokenContract"], t!("0x<x:40>")),
    ("mint of a token", &["tokenMint", "mintAddress"], t!("<B:44>")),
    (
        "id of a provider's object",
        &["hubspotContactId", "mixpanelUserId", "auth0UserId", "segmentUserId"],
        t!("<uuid>"),
    ),
    ("hash a provider made", &["datadogTraceHash", "sentryEventHash", "gravatarHash"], t!("<x:32>")),
    ("Twilio id", &["sid", "messageSid"], t!("SM<x:32>")),
    // A provider's name beside an id.
    (
        "log line with a provider",
        &["message"],
        t!("<iso> INFO [datadog] request <x:32> finished in <d:3> ms"),
    ),
    ("provider and UUID as a key", &["pk", "cacheKey"], t!("hubspot:<uuid>")),
    ("provider and hash as a name", &["name", "resource"], t!("datadog-<x:32>")),
    ("provider in a path", &["url"], t!("https://cdn.example.com/heroku/<uuid>/logo.png")),
    ("provider in a sentence", &["text"], t!("The snyk export <uuid> of <w1> is ready.")),
    ("file of a token report", &["file"], t!("user_token_<x:32>.pdf")),
    ("pod of an auth service", &["pod"], t!("<w1>-auth-<l:10>-<l:5>")),
    ("physical id of a resource", &["physicalId"], t!("token-<Words:1>Rotation-<u:12>")),
    ("alias of an access point", &["alias"], t!("token-<l:33>-s3alias")),
    // Ids.
    ("KSUID in a key", &["pk", "GSI1SK", "value"], t!("user:2<a:26>")),
    ("KSUID after a dot", &["value"], t!("<w1>.2<a:26>")),
    ("XID", &["id"], t!("c<l:19>")),
    ("CUID", &["id", "value"], t!("cl<l:23>")),
    ("nanoid of 36", &["id", "value"], t!("<w:36>")),
    ("UUID in base64", &["id", "value"], t!("<bytes:16>")),
    ("UUID as a URN", &["id"], t!("urn:uuid:<uuid>")),
    ("short UUID", &["id", "value"], t!("<B:22>")),
    ("TypeID", &["id", "value"], t!("order_01j<l:23>")),
    ("Firestore id", &["id", "value"], t!("<a:20>")),
    ("Firebase push id", &["id", "value"], t!("-N<w:18>")),
    ("Stripe checkout session", &["checkoutSession", "value"], t!("cs_live_b1<a:57>")),
    ("Stripe setup intent", &["setupIntent", "value"], t!("seti_1<a:23>")),
    ("Clerk user", &["userId", "value"], t!("user_2<a:26>")),
    ("OpenAI thread", &["threadId", "value"], t!("thread_<a:24>")),
    ("Airtable record", &["recordId", "value"], t!("rec<a:14>")),
    ("Salesforce record", &["salesforceId", "value"], t!("003<a:15>")),
    ("Google place", &["placeId", "value"], t!("ChIJ<w:23>")),
    ("Google Drive file", &["fileId", "value"], t!("1<w:32>")),
    ("Google client id", &["aud", "value"], t!("<d:12>-<l:32>.apps.googleusercontent.com")),
    ("Cognito client", &["appClientId", "value"], t!("<l:26>")),
    ("Shopify global id", &["gid", "value"], t!("gid://shopify/Product/<d:13>")),
    ("AWS principal", &["principalId", "value"], t!("AROA<u:17>:<w1>")),
    ("S3 version with dots", &["versionId", "value"], t!("<w:4>.<w:27>")),
    ("S3 host id", &["hostId", "value"], t!("<bytes:56>")),
    ("CloudFront request id", &["requestId", "value"], t!("<w:54>==")),
    ("SQS receipt", &["receiptHandle", "value"], t!("AQEB<s:320>")),
    ("trace state", &["tracestate"], t!("dd=s:1;o:rum;t.dm:-4;t.tid:<x:16>")),
    // Hashes and keys that are public.
    ("hash in base64url", &["contentHash", "value"], t!("<w:43>")),
    ("fingerprint with colons", &["fingerprint"], |seed| {
        S((0..20).map(|_| seed.fill("<X:2>")).collect::<Vec<_>>().join(":"))
    }),
    ("SSH fingerprint", &["fingerprint", "value"], t!("SHA256:<s:43>")),
    ("two digests", &["value", "dedupeKey"], t!("<x:32>:<x:64>")),
    ("module checksum", &["sum", "value"], t!("h1:<bytes:32>")),
    ("certificate in base64", &["x5c"], |seed| {
        S(base64(&[0x30, 0x82, 3, 0x55, 0x30, 0x82, 2, 0x3d, 0xa0, 3], seed, 840))
    }),
    ("certificate request", &["csr"], t!("<pem CERTIFICATE REQUEST>")),
    ("public key in DER", &["publicKey"], |seed| {
        S(base64(&[0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1], seed, 78))
    }),
    ("Solana signature", &["signature"], t!("<B:88>")),
    ("extended public key", &["xpub"], t!("xpub6<B:106>")),
    ("minisign public key", &["verificationKey"], t!("RW<s:54>")),
    ("DKIM record", &["record"], t!("v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ<s:180>")),
    ("site verification", &["record"], t!("google-site-verification=<w:43>")),
    // Binary and geometry.
    ("geometry in hexadecimal", &["geom", "value"], t!("0103000020E610000001000000<X:200>")),
    ("radio frame", &["frame", "value"], t!("<X:90>")),
    ("Bloom filter", &["filter", "value"], t!("<bytes:128>")),
    ("signature in base64", &["signature", "value"], t!("<bytes:256>")),
    (
        "envelope",
        &["encrypted"],
        t!("{\"v\":1,\"iv\":\"<bytes:12>\",\"ct\":\"<bytes:60>\",\"tag\":\"<bytes:16>\"}"),
    ),
    // Code and settings.
    (
        "SQL with an id of a secret",
        &["query"],
        t!("SELECT id FROM <w1> WHERE secret_id = '<uuid>' AND api_key IS NOT NULL"),
    ),
    (
        "JavaScript",
        &["code"],
        t!("const token = await getToken('<w1>'); const apiKey = process.env.API_KEY || config.apiKey;"),
    ),
    (
        "Python",
        &["code"],
        t!("def <w1>(api_key: str, token=None):\n    return Client(token=get_token(api_key))\n"),
    ),
    (
        "reference to a secret of Kubernetes",
        &["manifest"],
        t!(
            "env:\n- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: <w1>-<x:8>\n      key: password\n"
        ),
    ),
    (
        "URL of a database without a password",
        &["dsn"],
        t!("jdbc:postgresql://password.<host>:5432/<w1>?ssl=true"),
    ),
    (
        "authorization request",
        &["url"],
        t!(
            "https://<host>/authorize?client_id=<a:20>&response_type=code&state=<a:16>&nonce=<a:16>&code_challenge=<w:43>"
        ),
    ),
    ("link into documentation", &["url"], t!("https://docs.<host>/reset-password/how-to-<w1>-<w1>-<w1>")),
    ("file over S3", &["url"], t!("s3://daily-<d:12>/<x:2>/<x:64>.parquet")),
    ("harmless cookies", &["cookie"], t!("theme=dark; lang=de; _ga=GA1.1.<d:9>.<epoch>; consent=<x:8>")),
];
