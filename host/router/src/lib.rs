//! The one door: publish and play are admitted, filtered, connected.
