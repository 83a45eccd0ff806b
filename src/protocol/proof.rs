//! `appsecret_proof`: shows that a call comes from the server that holds the app secret.
//!
//! <https://developers.facebook.com/docs/graph-api/securing-requests>

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::secret::Secret;
use super::text::hex_digit;

/// HMAC-SHA256 of the access token, keyed with the app secret, as 64 lower-case hex digits.
///
/// The token must be the one of the very call that carries the proof.
pub fn appsecret_proof(token: &Secret, app_secret: &Secret) -> Option<Secret> {
    // HMAC takes a key of any length, so there is no error to report; the type asks for the question.
    let mut mac = Hmac::<Sha256>::new_from_slice(app_secret.expose().as_bytes()).ok()?;
    mac.update(token.expose().as_bytes());
    let mut hex = String::with_capacity(64);
    for byte in mac.finalize().into_bytes() {
        for digit in [byte >> 4, byte & 15] {
            hex.push(hex_digit(digit));
        }
    }
    Some(Secret::new(hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_openssl() {
        // printf %s TOKEN | openssl dgst -sha256 -hmac SECRET
        let vectors = [
            (
                "EAATESTTOKEN123",
                "0123456789abcdef0123456789abcdef",
                "02810c917b3e327d0bc6ccf57ac73ac327c135ce03a538f1a157997bb973e258",
            ),
            (
                "what do ya want for nothing?",
                "Jefe",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ];
        for (token, secret, expected) in vectors {
            let proof = appsecret_proof(&Secret::new(token), &Secret::new(secret)).unwrap();
            assert_eq!(proof.expose(), expected);
        }
    }

    #[test]
    fn a_key_longer_than_a_block_is_hashed_first() {
        let secret = Secret::new("k".repeat(200));
        let proof = appsecret_proof(&Secret::new("EAATESTTOKEN123"), &secret).unwrap();
        assert_eq!(proof.expose(), "40e7f9d69b6818b4cab2f18340e9d0470728298985b9cefc1822fe14436bd766");
    }
}
