//! `weir filter new`.

use guest_build::Language;

use crate::arguments::{Kind, Lang, New};

/// Makes the project and prints what to do next.
pub(crate) fn new(new: &New) -> anyhow::Result<()> {
    let language = match new.lang {
        Lang::Rust => Language::Rust,
        Lang::C => Language::C,
        Lang::Go => Language::Go,
        Lang::Js => Language::JavaScript,
        Lang::Python => Language::Python,
        Lang::AssemblyScript => Language::AssemblyScript,
    };
    let (kind, query) = match new.kind {
        Kind::Media => (guest_build::Kind::Media, ""),
        Kind::Session => (guest_build::Kind::Session, "?key=first-five-minutes"),
    };
    guest_build::create(&new.name, language, kind)?;
    let dir = new.name.display();
    crate::print(&format!(
        "{dir} is made; {dir}/README.md tells the rest. Next:\n  weir filter build {dir}\n  \
         weir dev {dir} --config {dir}/weir.toml\n  \
         ffmpeg -re -f lavfi -i testsrc2 -c:v libx264 -g 50 -f flv \"rtmp://127.0.0.1:1935/live/test{query}\"\n"
    ))
}
