//! Chunk headers as odd encoders write them.

use super::Vector;

/// A publisher whose media come in these bytes.
fn publishing(name: &'static str, media: &[&[u8]], events: &[&'static str]) -> Vector {
    Vector::publishing(name).raw(&media.concat()).events(events)
}

pub(super) fn vectors() -> Vec<Vector> {
    let extended = [6, 0xFF, 0xFF, 0xFF, 0, 0, 200, 9, 1, 0, 0, 0, 1, 0, 0, 5];
    vec![
        publishing(
            "both long forms of the chunk stream id, also for ids that a shorter one has",
            &[
                &[0, 0, 0, 0, 1, 0, 0, 1, 8, 1, 0, 0, 0, 7],
                &[0, 255, 0, 0, 2, 0, 0, 1, 8, 1, 0, 0, 0, 7],
                &[1, 0, 0, 0, 0, 3, 0, 0, 1, 8, 1, 0, 0, 0, 7],
                &[1, 0, 1, 0, 0, 4, 0, 0, 1, 8, 1, 0, 0, 0, 7],
                &[1, 255, 255, 0, 0, 5, 0, 0, 1, 8, 1, 0, 0, 0, 7],
                // The three-byte form of 64 goes on with what the two-byte form began.
                &[0b1100_0001, 0, 0, 7],
            ],
            &[
                "audio of 1 bytes at 1 on 1",
                "audio of 1 bytes at 2 on 1",
                "audio of 1 bytes at 3 on 1",
                "audio of 1 bytes at 4 on 1",
                "audio of 1 bytes at 5 on 1",
                "audio of 1 bytes at 6 on 1",
            ],
        ),
        publishing(
            "the extended timestamp on format 3 chunks",
            &[&extended, &[1; 128], &[0b1100_0110, 1, 0, 0, 5], &[1; 72]],
            &["video of 200 bytes at 16777221 on 1"],
        ),
        publishing(
            "no extended timestamp on format 3 chunks (RTMP of 2009; librtmp, older OBS)",
            &[&extended, &[1; 128], &[0b1100_0110], &[9; 72]],
            &["video of 200 bytes at 16777221 on 1"],
        ),
        publishing(
            "no extended timestamp, and payload that begins as it would",
            &[&extended, &[1; 128], &[0b1100_0110, 1, 0, 0, 6], &[9; 68]],
            &["video of 200 bytes at 16777221 on 1"],
        ),
        publishing(
            "a message that begins with format 3 behind format 0 adds its time once more",
            &[&[4, 0, 0, 40, 0, 0, 1, 8, 1, 0, 0, 0, 7], &[0b1100_0100, 7], &[0b1100_0100, 7]],
            &["audio of 1 bytes at 40 on 1", "audio of 1 bytes at 80 on 1", "audio of 1 bytes at 120 on 1"],
        ),
        publishing(
            "formats 1 and 2, and a delta that goes back by way of its extension",
            &[
                &[4, 0, 0, 100, 0, 0, 1, 8, 1, 0, 0, 0, 7],
                &[0b0100_0100, 0, 0, 20, 0, 0, 2, 8, 7, 7],
                &[0b1000_0100, 0, 0, 5, 7, 7],
                &[0b1000_0100, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xF6, 7, 7],
            ],
            &[
                "audio of 1 bytes at 100 on 1",
                "audio of 2 bytes at 120 on 1",
                "audio of 2 bytes at 125 on 1",
                "audio of 2 bytes at 115 on 1",
            ],
        ),
        publishing(
            "a chunk stream that begins with format 1 has message stream 0: the only publish's",
            &[&[0b0100_1001, 0, 0, 20, 0, 0, 1, 8, 7]],
            &["audio of 1 bytes at 20 on 1"],
        ),
        publishing(
            "a full header on every chunk of a message",
            &[&[6, 0, 0, 9, 0, 0, 200, 9, 1, 0, 0, 0], &[1; 128], &[6, 0, 0, 9, 0, 0, 200, 9, 1, 0, 0, 0], &[1; 72]],
            &["video of 200 bytes at 9 on 1"],
        ),
        publishing(
            "audio between the chunks of a picture",
            &[
                &[6, 0, 0, 9, 0, 0, 200, 9, 1, 0, 0, 0],
                &[1; 128],
                &[4, 0, 0, 10, 0, 0, 2, 8, 1, 0, 0, 0, 7, 7],
                &[0b1100_0110],
                &[1; 72],
            ],
            &["audio of 2 bytes at 10 on 1", "video of 200 bytes at 9 on 1"],
        ),
        publishing(
            "a chunk size that changes between the chunks of a picture",
            &[
                &[6, 0, 0, 9, 0, 0, 200, 9, 1, 0, 0, 0],
                &[1; 128],
                &[2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 50],
                &[0b1100_0110],
                &[1; 50],
                &[0b1100_0110],
                &[1; 22],
            ],
            &["video of 200 bytes at 9 on 1"],
        ),
        publishing(
            "media on the chunk stream of control messages",
            &[&[2, 0, 0, 9, 0, 0, 1, 8, 1, 0, 0, 0, 7]],
            &["audio of 1 bytes at 9 on 1"],
        ),
        Vector::publishing("a chunk that goes on with nothing is the end").raw(&[0b1100_1111, 1]).fatal(),
        Vector::publishing("a format 2 chunk on a fresh chunk stream is the end").raw(&[0b1000_1111, 0, 0, 1]).fatal(),
    ]
}
