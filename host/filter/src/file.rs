//! Files that are read whole: opened only if they are files, for a named pipe would be waited for.

use std::fs::{File, FileType};
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

/// Opens a file for reading.
///
/// # Errors
/// It cannot be opened, or is something else: a folder, a named pipe, a socket, a device.
pub fn open(path: &Path) -> io::Result<File> {
    // Before it is opened: that alone waits for whoever writes into a pipe.
    check(std::fs::metadata(path)?.file_type())?;
    let file = File::open(path)?;
    check(file.metadata()?.file_type())?;
    Ok(file)
}

/// Everything that is in a file.
///
/// # Errors
/// It cannot be read, is no file, or has more than `most` bytes.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    read_from(open(path)?, most)
}

/// Everything that comes, which may have no end.
///
/// # Errors
/// It cannot be read, or is more than `most` bytes.
pub fn read_from(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("it has more than {most} bytes")));
    }
    Ok(bytes)
}

/// Refuses what is no file, in words.
///
/// # Errors
/// What it is.
pub fn check(it: FileType) -> io::Result<()> {
    if it.is_file() {
        return Ok(());
    }
    let why = format!("this is {}; a regular file is needed", what(it));
    Err(io::Error::new(io::ErrorKind::InvalidInput, why))
}

/// What stands at a path, in words.
pub fn what(it: FileType) -> &'static str {
    match it {
        it if it.is_file() => "a file",
        it if it.is_dir() => "a folder",
        it if it.is_fifo() => "a named pipe (FIFO)",
        it if it.is_socket() => "a socket",
        it if it.is_char_device() || it.is_block_device() => "a device",
        _ => "something else",
    }
}
