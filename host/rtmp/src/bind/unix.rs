//! Listening on a socket file: one left behind is replaced, one in use is not, and ours is gone when we are.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use socket2::{Domain, SockAddr, Socket, Type};
use tokio::net::UnixListener;

/// A socket file that is removed when this is dropped, if it is still ours.
#[derive(Debug)]
pub(crate) struct File {
    path: PathBuf,
    /// Device and inode.
    identity: (u64, u64),
}

impl File {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Listens on `path`, which whoever may read and write by `mode` can connect to. Needs a tokio runtime.
pub(super) fn listen(path: &Path, mode: u32, backlog: i32) -> io::Result<(UnixListener, File)> {
    make_room(path)?;
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SockAddr::unix(path)?)?;
    let made = fs::symlink_metadata(path)?;
    let file = File { path: path.into(), identity: (made.dev(), made.ino()) };
    // Before it listens: nobody comes in by what the umask left open.
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    socket.listen(backlog)?;
    Ok((UnixListener::from_std(std::os::unix::net::UnixListener::from(socket))?, file))
}

/// Removes a socket file that nobody listens on, as a process leaves it that was killed.
fn make_room(path: &Path) -> io::Result<()> {
    let taken = |why: &str| Err(io::Error::new(io::ErrorKind::AddrInUse, why.to_owned()));
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
        Ok(there) if !there.file_type().is_socket() => {
            return taken("there is a file that is no socket: remove it, or take another path");
        }
        Ok(_) => {}
    }
    let probe = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    // Whose backlog is full listens all the same, and is not waited for.
    probe.set_nonblocking(true)?;
    match probe.connect(&SockAddr::unix(path)?) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
        _ => taken("another program listens there"),
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let ours = fs::symlink_metadata(&self.path).is_ok_and(|now| (now.dev(), now.ino()) == self.identity);
        if ours {
            // Gone meanwhile, or the folder is not ours any more: there is nothing left to do.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_left_behind_is_replaced_and_ours_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weir.sock");
        // As a killed process leaves it.
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        let (listener, file) = listen(&path, 0o600, 8).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let (came, accepted) = tokio::join!(tokio::net::UnixStream::connect(&path), listener.accept());
        came.unwrap();
        accepted.unwrap();
        drop((listener, file));
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn who_listens_already_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weir.sock");
        let first = listen(&path, 0o600, 1).unwrap();
        let error = listen(&path, 0o600, 1).unwrap_err();
        assert!(error.to_string().contains("another program listens there"), "{error}");
        // Even if it is slow to accept.
        let address = SockAddr::unix(&path).unwrap();
        let mut waiting = Vec::new();
        loop {
            let socket = Socket::new(Domain::UNIX, Type::STREAM, None).unwrap();
            socket.set_nonblocking(true).unwrap();
            match socket.connect(&address) {
                Ok(()) => waiting.push(socket),
                Err(error) => break assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
            }
        }
        assert!(listen(&path, 0o600, 1).is_err());
        assert!(path.exists());
        drop(first);
    }

    #[tokio::test]
    async fn a_file_of_another_kind_is_not_touched_and_neither_is_a_successors_socket() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        fs::write(&path, "mine").unwrap();
        assert!(listen(&path, 0o600, 1).unwrap_err().to_string().contains("no socket"));
        assert_eq!(fs::read(&path).unwrap(), b"mine");

        let path = folder.path().join("weir.sock");
        let first = listen(&path, 0o600, 1).unwrap();
        fs::remove_file(&path).unwrap();
        let second = listen(&path, 0o600, 1).unwrap();
        drop(first);
        assert!(path.exists());
        drop(second);
        assert!(!path.exists());
    }
}
