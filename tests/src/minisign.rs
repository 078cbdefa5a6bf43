//! Signatures in minisign's form of the tests' own making, by the openssl program: Ed25519, and BLAKE2b for the prehashed form.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A pair of keys.
pub struct Signer {
    folder: PathBuf,
    name: String,
    id: [u8; 8],
}

impl Signer {
    /// Makes one whose files are in this folder.
    pub fn new(folder: &Path, name: &str) -> Signer {
        let it = Signer { folder: folder.to_owned(), name: name.to_owned(), id: [0; 8] };
        it.openssl("genpkey -algorithm ed25519 -out \"$0.ed\"");
        // Any number will do; so will the first bytes of the key itself.
        let mut id = [0; 8];
        id.copy_from_slice(&it.raw_key()[..8]);
        Signer { id, ..it }
    }

    /// `RW…`.
    pub fn public_key(&self) -> String {
        self.base64(&[&b"Ed"[..], &self.id, &self.raw_key()].concat())
    }

    /// A signature over the file's BLAKE2b, as `minisign -S` makes it.
    pub fn sign(&self, bytes: &[u8]) -> String {
        self.put("message", bytes);
        let digest = self.openssl("dgst -blake2b512 -binary \"$0.message\"");
        self.text(b"ED", &digest)
    }

    /// A signature over the file itself, as `minisign -S -l` makes it.
    pub fn sign_legacy(&self, bytes: &[u8]) -> String {
        self.text(b"Ed", bytes)
    }

    fn text(&self, form: &[u8], signed: &[u8]) -> String {
        let signature = self.ed25519(signed);
        let comment = "timestamp:1700000000\tfile:filter.wasm";
        let global = self.ed25519(&[&signature[..], comment.as_bytes()].concat());
        let line = self.base64(&[form, &self.id, &signature].concat());
        format!("untrusted comment: a test\n{line}\ntrusted comment: {comment}\n{}\n", self.base64(&global))
    }

    fn ed25519(&self, bytes: &[u8]) -> Vec<u8> {
        self.put("input", bytes);
        self.openssl("pkeyutl -sign -inkey \"$0.ed\" -rawin -in \"$0.input\"")
    }

    /// The 32 bytes at the end of the key's usual form (RFC 8410).
    fn raw_key(&self) -> Vec<u8> {
        let der = self.openssl("pkey -in \"$0.ed\" -pubout -outform DER");
        der[der.len() - 32..].to_vec()
    }

    fn base64(&self, bytes: &[u8]) -> String {
        self.put("binary", bytes);
        String::from_utf8(self.openssl("base64 -A -in \"$0.binary\"")).expect("letters").trim().to_owned()
    }

    fn put(&self, kind: &str, bytes: &[u8]) {
        std::fs::write(self.folder.join(format!("{}.{kind}", self.name)), bytes).expect("the folder is writable");
    }

    fn openssl(&self, arguments: &str) -> Vec<u8> {
        let mut shell = Command::new("sh");
        shell.current_dir(&self.folder).args(["-c", &format!("openssl {arguments}"), &self.name]);
        let done = shell.stdin(Stdio::null()).output().expect("openssl");
        assert!(done.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }
}
