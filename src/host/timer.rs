//! The clock, and random numbers.

/// Returns the time in milliseconds since 1970.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Parses a date as the engine does, in milliseconds since 1970; `NaN` where it cannot.
pub fn date_ms(text: &str) -> f64 {
    js_sys::Date::parse(text)
}

/// Returns a random number from 0 to 1.
pub fn random() -> f64 {
    js_sys::Math::random()
}
