//! Which core a thread runs on, and how many sockets a process may have.

use crate::error::Error;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_setaffinity};

/// Keeps this thread on one core.
pub(crate) fn pin(cpu: usize) -> Result<(), Error> {
    let mut set = CpuSet::new();
    if cpu >= CpuSet::MAX_CPU {
        return Err(Error::Plan(format!("there is no core {cpu}")));
    }
    set.set(cpu);
    sched_setaffinity(None, &set).map_err(Error::system(format!("running on core {cpu}")))
}

/// Raises the limit on open files as far as it goes; fails if `wanted` sockets do not fit.
pub(crate) fn allow_sockets(wanted: u32) -> Result<(), Error> {
    // Files, epoll and standard streams beside the sockets.
    let wanted = u64::from(wanted) + 64;
    let limit = getrlimit(Resource::Nofile);
    let Some(current) = limit.current else { return Ok(()) };
    if current >= wanted {
        return Ok(());
    }
    let most = limit.maximum.unwrap_or(u64::MAX);
    if most < wanted {
        return Err(Error::Plan(format!("{wanted} open files are needed and {most} allowed (ulimit -n)")));
    }
    setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum })
        .map_err(Error::system("raising the limit on open files"))
}
