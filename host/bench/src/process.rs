//! What a process and its children cost, from /proc.

use crate::error::Error;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The sums over a process and all that descend from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Processes.
    pub processes: u32,
    /// Nanoseconds on a core.
    pub cpu_ns: u64,
    /// Bytes resident.
    pub rss: u64,
    /// Bytes resident, shared pages divided by their users.
    pub pss: u64,
}

/// Measures now.
///
/// # Errors
/// There is no such process, or it is not ours to look at.
pub fn cost(pid: u32) -> Result<Cost, Error> {
    let error = |why: std::io::Error| Error::Process { pid, why: why.to_string() };
    fs::metadata(format!("/proc/{pid}")).map_err(error)?;
    let mut cost = Cost::default();
    for pid in family(pid) {
        // A child may end while we look.
        let (Ok(cpu_ns), Ok((rss, pss))) = (cpu(pid), memory(pid)) else { continue };
        cost.processes += 1;
        cost.cpu_ns += cpu_ns;
        cost.rss += rss;
        cost.pss += pss;
    }
    if cost.processes == 0 {
        return Err(Error::Process { pid, why: "its /proc files cannot be read".into() });
    }
    Ok(cost)
}

/// The process and its descendants.
fn family(pid: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(child) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if let Some(parent) = stat(child).ok().and_then(|fields| fields.get(1)?.parse().ok()) {
            children.entry(parent).or_default().push(child);
        }
    }
    let mut found = vec![pid];
    let mut at = 0;
    while let Some(pid) = found.get(at) {
        found.extend(children.remove(pid).unwrap_or_default());
        at += 1;
    }
    found
}

/// The fields of /proc/PID/stat behind the name, which may hold blanks: state is the first.
fn stat(pid: u32) -> std::io::Result<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let behind = text.rsplit_once(')').map_or("", |(_, behind)| behind);
    Ok(behind.split_whitespace().map(str::to_owned).collect())
}

/// Nanoseconds on a core: exact where the kernel keeps them per thread, else in clock ticks. Ticks count ended threads too.
fn cpu(pid: u32) -> std::io::Result<u64> {
    let fields = stat(pid)?;
    let ticks: u64 = fields.iter().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    let ticks_ns = ticks * (1_000_000_000 / rustix::param::clock_ticks_per_second().max(1));
    let exact: u64 = fs::read_dir(format!("/proc/{pid}/task"))?
        .flatten()
        .filter_map(|task| fs::read_to_string(task.path().join("schedstat")).ok())
        .filter_map(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .sum();
    Ok(if exact > 0 { exact } else { ticks_ns })
}

/// Resident and proportional bytes.
fn memory(pid: u32) -> std::io::Result<(u64, u64)> {
    let path = PathBuf::from(format!("/proc/{pid}/smaps_rollup"));
    let text = fs::read_to_string(path)?;
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
    };
    Ok((field("Rss"), field("Pss")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn our_own_cost_grows_with_work() {
        let pid = std::process::id();
        let before = cost(pid).unwrap();
        assert!(before.rss > 0 && before.pss > 0 && before.processes >= 1);
        // Until the clocks of the kernel have seen it. Other tests of this process free memory meanwhile, so what a block takes
        // is measured from just before it, and again if a neighbour let go of as much in between.
        loop {
            let empty = cost(pid).unwrap();
            let mut block = vec![1u8; 32 << 20];
            block.iter_mut().for_each(|b| *b = b.wrapping_mul(3));
            let full = cost(pid).unwrap();
            assert!(block.iter().all(|b| *b == 3));
            if full.cpu_ns > before.cpu_ns && full.rss >= empty.rss + (30 << 20) {
                break;
            }
        }
    }

    #[test]
    fn children_count() {
        // A shell with a child that both wait until their input ends.
        let mut shell = Command::new("sh").args(["-c", "cat & cat; wait"]).stdin(Stdio::piped()).spawn().unwrap();
        while cost(shell.id()).unwrap().processes < 2 {
            std::thread::yield_now();
        }
        drop(shell.stdin.take());
        shell.wait().unwrap();
    }

    #[test]
    fn a_process_that_is_not_there() {
        assert!(cost(u32::MAX).is_err());
    }
}
