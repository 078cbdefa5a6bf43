//! Files that are read whole: opened only if they are files, for a named pipe would be waited for.

use std::fs::{File, FileType};
use std::io;
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

/// Refuses what is no file, in words.
///
/// # Errors
/// What it is.
pub fn check(it: FileType) -> io::Result<()> {
    let what = match it {
        it if it.is_file() => return Ok(()),
        it if it.is_dir() => "a folder",
        it if it.is_fifo() => "a named pipe (FIFO)",
        it if it.is_socket() => "a socket",
        it if it.is_char_device() || it.is_block_device() => "a device",
        _ => "something else",
    };
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("this is {what}; a regular file is needed")))
}
