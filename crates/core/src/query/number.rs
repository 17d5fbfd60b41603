//! Numbers as DynamoDB takes them. They stay text, so that every digit survives.

/// The most significant digits (Developer Guide, "Supported data types", Number).
const DIGITS: usize = 38;
/// The decimal exponents of the smallest and the largest number.
const SMALLEST: i64 = -130;
const LARGEST: i64 = 125;

/// Why DynamoDB would not take a number that is well formed: digits, perhaps a point, perhaps an exponent.
pub(super) fn refusal(text: &str) -> Option<&'static str> {
    let unsigned = text.trim_start_matches(['-', '+']);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()),
        None => (unsigned, Some(0)),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let leading = digits.len() - digits.trim_start_matches('0').len();
    let significant = digits.trim_matches('0').len();
    if significant > DIGITS {
        return Some("DynamoDB numbers have at most 38 digits");
    }
    if significant == 0 {
        return None;
    }
    let size = exponent.map(|e| (whole.len() as i64 - 1 - leading as i64).saturating_add(e));
    match size {
        Some(size) if (SMALLEST..=LARGEST).contains(&size) => None,
        _ => Some("DynamoDB numbers are between 1E-130 and 9.99E+125"),
    }
}
