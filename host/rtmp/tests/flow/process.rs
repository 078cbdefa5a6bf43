//! Real clients as child processes, killed when dropped. ffmpeg and rtmpdump are requirements of these tests.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// Far beyond what any step takes; a step that hangs fails by name.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Six seconds of H.264 (B-frames, a key frame each second) and AAC, made once per test run.
pub fn source() -> &'static Path {
    static SOURCE: OnceLock<PathBuf> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let path = folder().join(format!("source-{}.flv", std::process::id()));
        let made = Command::new("ffmpeg")
            .args("-v error -y -f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine=frequency=440:sample_rate=44100 -t 6".split(' '))
            .args("-c:v libx264 -preset ultrafast -bf 2 -x264-params bframes=2:keyint=25:scenecut=0 -pix_fmt yuv420p".split(' '))
            .args("-c:a aac -b:a 64k -flvflags no_duration_filesize -f flv".split(' '))
            .arg(&path)
            .output()
            .expect("these tests need ffmpeg (Debian package ffmpeg)");
        assert!(made.status.success(), "ffmpeg: {}", String::from_utf8_lossy(&made.stderr));
        path
    })
}

/// A place for the files of this test run, below cargo's own folder.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

/// A file name that no other test uses.
pub fn fresh(name: &str) -> PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    folder().join(format!("{}-{}-{name}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)))
}

/// A running client; killed when dropped.
pub struct Running {
    child: Child,
    /// Collects stderr until the client closes it.
    said: Option<std::thread::JoinHandle<String>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Running {
    /// Ends it as a crash would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits for the end; gives success and what was printed.
    pub async fn end(mut self) -> (bool, String) {
        let said = self.said.take().expect("waited for once");
        let said = tokio::task::spawn_blocking(move || said.join().unwrap());
        let said = tokio::time::timeout(PATIENCE, said).await.expect("the client hangs").unwrap();
        (self.child.wait().unwrap().success(), said)
    }
}

/// Starts `program`; its stderr is kept for the failure message.
pub fn start(program: &str, args: &[&str]) -> Running {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("these tests need {program}: {e}"));
    let mut stderr = child.stderr.take().expect("stderr is piped");
    let said = std::thread::spawn(move || {
        let mut said = Vec::new();
        let _ = stderr.read_to_end(&mut said);
        String::from_utf8_lossy(&said).into_owned()
    });
    Running { child, said: Some(said) }
}

/// ffmpeg pushes `file` as it is, as fast as the server takes it or, with `paced`, in real time.
pub fn publish(file: &Path, url: &str, paced: bool) -> Running {
    let file = file.to_str().unwrap();
    let mut args = vec!["-v", "info", "-nostats"];
    if paced {
        args.push("-re");
    }
    args.extend(["-i", file, "-c", "copy", "-f", "flv", url]);
    start("ffmpeg", &args)
}

/// ffmpeg pulls `url` into an FLV file, packets as they are.
pub fn play_ffmpeg(url: &str, file: &Path) -> Running {
    start(
        "ffmpeg",
        &["-v", "info", "-nostats", "-y", "-i", url, "-c", "copy", "-copyts", "-f", "flv", file.to_str().unwrap()],
    )
}

/// rtmpdump pulls `url` into an FLV file, tag bodies byte for byte.
pub fn play_rtmpdump(url: &str, file: &Path) -> Running {
    start("rtmpdump", &["--live", "-q", "-r", url, "-o", file.to_str().unwrap()])
}

/// Waits for the end; gives success and what was printed.
pub async fn end(client: Running) -> (bool, String) {
    client.end().await
}
