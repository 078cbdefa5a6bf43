//! Which core a thread runs on, and how many sockets a process may have.

use crate::error::Error;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Keeps this thread on one core.
pub(crate) fn pin(cpu: usize) -> Result<(), Error> {
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    if cores.into_iter().any(|core| core.id == cpu && core_affinity::set_for_current(core)) {
        return Ok(());
    }
    Err(Error::Plan(format!("this thread may not run on core {cpu}")))
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
