//! Public keys, as JSON Web Key Sets have them (RFC 7517, RFC 7518 §6, RFC 8037 §2).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::token::Algorithm;

/// Keys of one set; the rest is left out.
const MOST_KEYS: usize = 64;

/// One key of a set. It fits one algorithm, whatever a token says of itself.
pub(crate) struct Key {
    pub(crate) kid: Option<String>,
    material: Material,
}

enum Material {
    Rsa(RsaPublicKey),
    P256(p256::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The keys of a set that can check signatures. Sets hold keys of other kinds and for other purposes too: those are left out.
pub(crate) fn read(json: &[u8]) -> Result<Vec<Key>, String> {
    let set: Set = serde_json::from_slice(json).map_err(|e| format!("not a JSON Web Key Set: {e}"))?;
    let keys: Vec<Key> = set
        .keys
        .into_iter()
        .filter_map(|key| serde_json::from_value(key).ok())
        .filter_map(key)
        .take(MOST_KEYS)
        .collect();
    if keys.is_empty() {
        Err("no key in the set can be used (RSA from 2048 bits, P-256, Ed25519)".to_owned())
    } else {
        Ok(keys)
    }
}

fn bytes(text: &Option<String>) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text.as_ref()?).ok()
}

fn key(jwk: Jwk) -> Option<Key> {
    let verifies = jwk.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
    if jwk.usage.as_ref().is_some_and(|usage| usage != "sig") || !verifies {
        return None;
    }
    let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => {
            let key =
                RsaPublicKey::new(BigUint::from_bytes_be(&bytes(&jwk.n)?), BigUint::from_bytes_be(&bytes(&jwk.e)?))
                    .ok()?;
            // RFC 7518 §3.3: 2048 bits or more.
            (rsa::traits::PublicKeyParts::size(&key) >= 256).then_some(Material::Rsa(key))?
        }
        ("EC", Some("P-256")) => {
            let (x, y) = (bytes(&jwk.x)?, bytes(&jwk.y)?);
            let point = (x.len() == 32 && y.len() == 32).then(|| [&[4][..], &x, &y].concat())?;
            Material::P256(p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?)
        }
        ("OKP", Some("Ed25519")) => {
            let x: [u8; 32] = bytes(&jwk.x)?.try_into().ok()?;
            Material::Ed25519(ed25519_dalek::VerifyingKey::from_bytes(&x).ok()?)
        }
        _ => return None,
    };
    let key = Key { kid: jwk.kid, material };
    jwk.alg.is_none_or(|alg| key.algorithm().is(&alg)).then_some(key)
}

/// The DER of a DigestInfo of SHA-256 up to the hash (RFC 8017 §9.2, note 1).
const SHA256_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

impl Key {
    pub(crate) fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::Rsa(_) => Algorithm::Rs256,
            Material::P256(_) => Algorithm::Es256,
            Material::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// Whether this key has signed the text.
    pub(crate) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Rsa(key) => {
                let padding = Pkcs1v15Sign { hash_len: Some(32), prefix: SHA256_INFO.into() };
                key.verify(padding, &Sha256::digest(text), signature).is_ok()
            }
            Material::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(text, &signature).is_ok()),
            Material::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(text, &signature).is_ok()),
        }
    }
}
