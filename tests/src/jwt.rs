//! JSON Web Tokens and key sets of another make than the router's filters: openssl signs, Python puts together.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::process::Process;

/// Which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 2048 bits, for RS256.
    Rsa,
    /// P-256, for ES256.
    Ec,
}

/// A private key in a folder of the test's.
pub struct Key {
    file: String,
    kind: Kind,
    kid: String,
}

const SCRIPT: &str = r#"
import base64, json, subprocess, sys
what, kind, key, kid = sys.argv[1:5]
def b64(data): return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
def run(*args, input=None): return subprocess.run(args, input=input, stdout=subprocess.PIPE, check=True).stdout
if what == "jwk":
    if kind == "RS256":
        n = run("openssl", "rsa", "-in", key, "-noout", "-modulus").decode().split("=")[1].strip()
        jwk = {"kty": "RSA", "n": b64(bytes.fromhex(n)), "e": "AQAB"}
    else:
        public = run("openssl", "pkey", "-in", key, "-pubout", "-outform", "DER")
        jwk = {"kty": "EC", "crv": "P-256", "x": b64(public[-64:-32]), "y": b64(public[-32:])}
    print(json.dumps({**jwk, "kid": kid, "use": "sig"}))
else:
    text = b64(json.dumps({"alg": kind, "kid": kid, "typ": "JWT"}).encode()) + "." + b64(sys.argv[5].encode())
    signature = run("openssl", "dgst", "-sha256", "-sign", key, input=text.encode())
    if kind == "ES256":
        # DER: a sequence of two integers.
        numbers, at = [], 2
        for _ in range(2):
            size = signature[at + 1]
            numbers.append(int.from_bytes(signature[at + 2:at + 2 + size], "big").to_bytes(32, "big"))
            at += 2 + size
        signature = b"".join(numbers)
    print(text + "." + b64(signature))
"#;

impl Key {
    /// Makes one, in `KID.pem`.
    pub fn new(folder: &Path, kind: Kind, kid: &str) -> Key {
        let file = folder.join(format!("{kid}.pem")).display().to_string();
        let mut openssl = Command::new("openssl");
        openssl.args(["genpkey", "-out", &file]);
        match kind {
            Kind::Rsa => openssl.args(["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
            Kind::Ec => openssl.args(["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"]),
        };
        let (status, said) = Process::run("openssl", &mut openssl);
        assert!(status.success(), "{said}");
        Key { file, kind, kid: kid.to_owned() }
    }

    fn script(&self, what: &str, more: &str) -> String {
        let kind = if self.kind == Kind::Rsa { "RS256" } else { "ES256" };
        let mut python = Command::new("python3");
        python.args(["-c", SCRIPT, what, kind, &self.file, &self.kid, more]);
        let (status, said) = Process::run("python3", &mut python);
        assert!(status.success(), "{said}");
        said.trim().to_owned()
    }

    /// The public half.
    pub fn jwk(&self) -> Value {
        self.script("jwk", "").parse().expect("JSON")
    }

    /// A signed token.
    pub fn sign(&self, claims: &Value) -> String {
        self.script("sign", &claims.to_string())
    }
}
