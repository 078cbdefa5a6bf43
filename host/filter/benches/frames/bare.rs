//! The same call without the router around it: what wasmtime itself takes for `on-frame` of the no-op filter.

use filter_wit::media::weir::filter::types;
use filter_wit::media::{MediaFilter, MediaFilterPre};
use wasmtime::component::{Component, Linker, ResourceAny};
use wasmtime::{Config, Engine, Store};

pub(crate) struct Bare {
    store: Store<()>,
    guest: MediaFilter,
    filter: ResourceAny,
}

impl Bare {
    pub(crate) fn open(module: &[u8]) -> wasmtime::Result<Bare> {
        let engine = Engine::new(Config::new().epoch_interruption(true).concurrency_support(false))?;
        let encoder = wit_component::ComponentEncoder::default().module(module);
        let bytes = encoder.and_then(|mut e| e.encode()).map_err(|e| wasmtime::format_err!("{e:#}"))?;
        let component = Component::new(&engine, bytes)?;
        let mut linker = Linker::new(&engine);
        linker.instance("weir:filter/config@0.1.0")?.func_wrap("json", |_, ()| Ok(("{}".to_owned(),)))?;
        linker.define_unknown_imports_as_traps(&component)?;
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(1 << 40);
        let guest = MediaFilterPre::new(linker.instantiate_pre(&component)?)?.instantiate(&mut store)?;
        let said = guest.weir_filter_lifecycle().call_configure(&mut store)?;
        let info = types::StreamInfo {
            id: 0,
            key: types::StreamKey { app: String::new(), name: String::new(), query: vec![] },
            publisher: filter_wit::media::weir::filter::types::ConnectionInfo {
                id: 0,
                protocol: String::new(),
                peer_ip: String::new(),
                peer_port: 0,
                local_port: 0,
                tls: None,
                app: String::new(),
                tc_url: String::new(),
                agent: String::new(),
                fourccs: vec![],
                extra: vec![],
            },
            tracks: vec![],
            tags: vec![],
            viewer: None,
            attempt: 0,
        };
        let opened = guest.weir_filter_media().stream_filter().call_open(&mut store, &info, None)?;
        let filter = opened.map_err(|fault| wasmtime::format_err!("{said:?} {fault}"))?;
        Ok(Bare { store, guest, filter })
    }

    pub(crate) fn call(&mut self, dts: i64) -> bool {
        let meta = types::FrameMeta {
            track: 0,
            kind: types::MediaKind::Video,
            codec: 0x6176_6331,
            flags: types::FrameFlags::KEY,
            dts,
            pts: dts,
            size: 8000,
            unit_types: 0x242,
            seq: 1,
            gop: 1,
        };
        self.store.set_epoch_deadline(5);
        self.guest.weir_filter_media().stream_filter().call_on_frame(&mut self.store, self.filter, meta).is_ok()
    }
}
