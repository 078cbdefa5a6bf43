//! OBS Studio without a screen: it encodes pictures of its own, which nobody else has.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::process::Process;

/// OBS publishing. Dropping it ends it, its display and its folder.
pub struct Obs {
    /// The program.
    pub process: Process,
    _display: Process,
    _home: TempDir,
}

impl Obs {
    /// Starts streaming to `server` (`rtmp://host:port/app`) under the name `key`, with a clip that it plays in a loop.
    pub fn publish(server: &str, key: &str, clip: &Path) -> Obs {
        let home = tempfile::tempdir().expect("a folder");
        let config = home.path().join(".config/obs-studio");
        let profile = config.join("basic/profiles/weir");
        for folder in [&profile, &config.join("basic/scenes"), &home.path().join("run")] {
            fs::create_dir_all(folder).expect("the folder is writable");
        }
        let write = |file: &Path, text: &str| fs::write(file, text).expect("the folder is writable");
        write(&config.join("global.ini"), GLOBAL);
        write(&profile.join("basic.ini"), PROFILE);
        let service = serde_json::json!({
            "type": "rtmp_custom",
            "settings": { "server": server, "key": key, "use_auth": false },
        });
        write(&profile.join("service.json"), &service.to_string());
        write(&config.join("basic/scenes/weir.json"), &scene(clip).to_string());
        let mut display = Command::new("Xvfb");
        display.args(["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"]);
        let display = Process::start("Xvfb", &mut display);
        let number = display.line("display", |line| line.parse::<u32>().is_ok());
        let mut command = Command::new("obs");
        command.args(["--startstreaming", "--minimize-to-tray", "--profile", "weir", "--collection", "weir"]);
        command.args(["--multi", "--disable-updater", "--disable-missing-files-check"]);
        command.env("HOME", home.path()).env("XDG_RUNTIME_DIR", home.path().join("run"));
        command.env_remove("XDG_CONFIG_HOME").env("DISPLAY", format!(":{number}"));
        command.env("LIBGL_ALWAYS_SOFTWARE", "1").env("QT_QPA_PLATFORM", "xcb");
        Obs { process: Process::start("obs", &mut command), _display: display, _home: home }
    }
}

/// Nothing is asked at the first start.
const GLOBAL: &str = "[General]
FirstRun=true
InfoIncrement=100
EnableAutoUpdates=false
Pre19Defaults=false
Pre21Defaults=false
Pre23Defaults=false
Pre24.1Defaults=false
[Basic]
Profile=weir
ProfileDir=weir
SceneCollection=weir
SceneCollectionFile=weir
";

const PROFILE: &str = "[General]
Name=weir
[Video]
BaseCX=320
BaseCY=180
OutputCX=320
OutputCY=180
FPSType=0
FPSCommon=30
[Audio]
SampleRate=48000
ChannelSetup=Stereo
[Output]
Mode=Simple
Reconnect=false
[SimpleOutput]
StreamEncoder=x264
VBitrate=400
ABitrate=128
Preset=ultrafast
";

fn scene(clip: &Path) -> serde_json::Value {
    serde_json::json!({
        "name": "weir",
        "current_scene": "all",
        "current_program_scene": "all",
        "scene_order": [{ "name": "all" }],
        "sources": [
            {
                "id": "ffmpeg_source",
                "name": "clip",
                "settings": { "local_file": clip, "looping": true, "hw_decode": false },
            },
            {
                "id": "scene",
                "name": "all",
                "settings": { "id_counter": 1, "items": [{ "id": 1, "name": "clip", "visible": true }] },
            },
        ],
    })
}
