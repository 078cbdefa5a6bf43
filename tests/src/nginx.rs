//! nginx with its RTMP module: another server of the field, as Debian ships it.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::process::Process;
use crate::wait;

const MODULE: &str = "/usr/lib/nginx/modules/ngx_rtmp_module.so";

/// An nginx that only speaks RTMP, with an application `live`. Dropping it ends it.
pub struct Nginx {
    process: Option<Process>,
    /// Where it listens.
    pub address: SocketAddr,
    folder: TempDir,
}

impl Nginx {
    /// Starts it with more directives for its application.
    pub fn start(directives: &str) -> Nginx {
        assert!(Path::new(MODULE).exists(), "`tests/run setup` installs libnginx-mod-rtmp");
        // It cannot choose a port by itself.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let folder = tempfile::tempdir().expect("a folder");
        let text = format!(
            "load_module {MODULE};\ndaemon off;\nmaster_process off;\nworker_processes 1;\npid {0}/pid;\nerror_log stderr info;\n\
             events {{ worker_connections 256; }}\n\
             rtmp {{ server {{ listen {address}; chunk_size 4096; access_log off;\n\
             application live {{ live on; record off; publish_notify on; {directives} }} }} }}\n",
            folder.path().display()
        );
        std::fs::write(folder.path().join("nginx.conf"), text).expect("the folder is writable");
        let mut nginx = Nginx { process: None, address, folder };
        nginx.restart();
        nginx
    }

    /// Starts it anew, at the same address, after a kill.
    pub fn restart(&mut self) {
        // One at a time: the port has to be free.
        self.process = None;
        let mut command = Command::new(program());
        command.arg("-p").arg(self.folder.path()).arg("-c").arg(self.folder.path().join("nginx.conf"));
        command.args(["-e", "stderr"]);
        let process = Process::start("nginx", &mut command);
        wait::until_some("nginx that listens", || {
            TcpStream::connect(self.address).map_err(|e| format!("{e}; it said:\n{}", process.said()))
        });
        self.process = Some(process);
    }

    /// Ends it without giving it time for anything.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.signal("KILL");
            process.wait();
        }
    }

    /// Waits until the one that runs now has said this.
    pub fn line(&self, what: &str, said: &str) {
        self.line_after(0, what, said);
    }

    /// The same, among the lines from `mark` on.
    pub fn line_after(&self, mark: usize, what: &str, said: &str) {
        let process = self.process.as_ref().expect("it runs");
        process.line_after(mark, what, |line| line.contains(said));
    }

    /// How many lines it has said so far.
    pub fn mark(&self) -> usize {
        self.process.as_ref().expect("it runs").mark()
    }

    /// `rtmp://127.0.0.1:PORT/PATH`.
    pub fn url(&self, path: &str) -> String {
        format!("rtmp://{}/{path}", self.address)
    }
}

/// Where Debian puts it, which is not on everybody's path.
fn program() -> &'static str {
    if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" }
}
