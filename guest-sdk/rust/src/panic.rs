//! A panic says what and where in the log before it becomes a trap.

use std::sync::Once;

use crate::log::{self, Level};

static INSTALLED: Once = Once::new();

/// Installs the hook, once per instance. Off wasm a panic belongs to the test that sees it.
pub(crate) fn install_hook() {
    if cfg!(target_arch = "wasm32") {
        INSTALLED.call_once(|| {
            std::panic::set_hook(Box::new(|panic| {
                let message = panic.payload_as_str().unwrap_or("panicked");
                match panic.location() {
                    Some(at) => {
                        let line = at.line().to_string();
                        log::write(Level::Error, message, &[("panic", at.file()), ("line", &line)]);
                    }
                    None => log::write(Level::Error, message, &[("panic", "")]),
                }
            }));
        });
    }
}
