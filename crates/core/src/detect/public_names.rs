//! Names of what is made to be seen: keys that a page sends to every browser, the addresses of devices, places in a list. Their
//! values look like secrets and are none.

/// How a name ends, without its separators, and what such a value is.
const ENDS: &[(&str, &[&str])] = &[
    (
        "a site key, which every page shows",
        &["sitekey", "recaptchakey", "captchakey", "hcaptchakey", "turnstilekey", "recaptchapublickey"],
    ),
    (
        "a publishable key, made for browsers and apps",
        &[
            "publishablekey",
            "publickey",
            "pubkey",
            "anonkey",
            "searchonlykey",
            "searchonlyapikey",
            "algoliasearchkey",
            "algoliasearchapikey",
            "clientsidekey",
            "clientkeyid",
            "writekey",
            "measurementid",
            "publictoken",
            "publishabletoken",
            "clienttoken",
        ],
    ),
    (
        "the address of a device for messages, which opens nothing",
        &[
            "pushtoken",
            "devicetoken",
            "apnstoken",
            "apnsdevicetoken",
            "fcmtoken",
            "gcmtoken",
            "fcmregistrationtoken",
            "registrationtoken",
            "notificationtoken",
            "voiptoken",
            "webpushtoken",
            "firebasetoken",
        ],
    ),
    (
        "a place in a list, which opens nothing",
        &[
            "pagetoken",
            "nexttoken",
            "cursortoken",
            "continuationtoken",
            "changetoken",
            "pagingtoken",
            "resumetoken",
            "starttoken",
        ],
    ),
    (
        "the handle of a basket or a file, which its user sees",
        &[
            "carttoken",
            "cardtoken",
            "paymenttoken",
            "phototoken",
            "leasetoken",
            "tasktoken",
            "trackingtoken",
            "merchanttoken",
            "checkouttoken",
            "baskettoken",
            "imagetoken",
            "filetoken",
            "mediatoken",
            "assettoken",
            "thumbtoken",
        ],
    ),
];

/// What the value under a name is, where that is made to be seen.
pub(super) fn what(name: &str) -> Option<&'static str> {
    if name.len() > 64 {
        return None;
    }
    let flat: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let fits = |ends: &[&str]| ends.iter().any(|end| flat.ends_with(end));
    // `secret_site_key`, `notification_private_key`: what is kept says so.
    let is_kept = ["secret", "private", "server", "admin"].iter().any(|word| flat.contains(word));
    ENDS.iter().find(|(_, ends)| !is_kept && fits(ends)).map(|(what, _)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_what_is_made_to_be_seen() {
        for name in [
            "recaptchaSiteKey",
            "RECAPTCHA_SITE_KEY",
            "stripe_publishable_key",
            "supabaseAnonKey",
            "wireguardPublicKey",
            "segmentWriteKey",
            "pushToken",
            "apnsDeviceToken",
            "page_token",
            "cartToken",
        ] {
            assert!(what(name).is_some(), "{name}");
        }
        for name in [
            "dsn",
            "DB_DSN",
            "secretKey",
            "api_key",
            "recaptcha_secret_key",
            "access_token",
            "token",
            "key",
            "sessionToken",
            "private_site_key",
        ] {
            assert!(what(name).is_none(), "{name}");
        }
    }
}
