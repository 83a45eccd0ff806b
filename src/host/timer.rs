//! The clock, and chance.

/// Milliseconds since 1970.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Reads a date as the engine does; no number where it can not.
pub fn date_ms(text: &str) -> f64 {
    js_sys::Date::parse(text)
}

/// A number from 0 to 1.
pub fn random() -> f64 {
    js_sys::Math::random()
}
