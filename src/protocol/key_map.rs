//! A map from strings to numbers in a fraction of the bytes of the standard library's.

/// An insert-only map from strings to numbers, with open addressing.
///
/// Servers choose some of the keys, so the hash begins with a seed that they cannot know.
#[derive(Debug, Default)]
pub struct KeyMap {
    seed: u32,
    entries: Vec<(String, u32)>,
    /// Positions in `entries`, plus 1; 0 is free. Its length is a power of two, at least twice that of `entries`.
    table: Vec<u32>,
}

impl KeyMap {
    /// Creates an empty map. `random` is from 0 to 1.
    pub fn new(random: f64) -> Self {
        Self { seed: (random * f64::from(u32::MAX)) as u32, ..Self::default() }
    }

    /// Returns the number of a key, after adding the key with `value` where it is new.
    pub fn get_or_insert(&mut self, key: &str, value: u32) -> u32 {
        if self.table.len() <= 2 * self.entries.len() {
            self.grow();
        }
        let slot = self.slot_of(key);
        match self.table.get_mut(slot) {
            Some(position) if *position == 0 => {
                self.entries.push((key.to_owned(), value));
                *position = self.entries.len() as u32;
                value
            }
            Some(position) => self.entries.get(*position as usize - 1).map_or(value, |(_, known)| *known),
            None => value,
        }
    }

    /// Removes all keys.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.table.clear();
    }

    fn grow(&mut self) {
        let length = (2 * self.table.len()).max(16);
        self.table = vec![0; length];
        for position in 0..self.entries.len() {
            let slot = self.entries.get(position).map(|(key, _)| self.slot_of(key));
            if let Some(free) = slot.and_then(|slot| self.table.get_mut(slot)) {
                *free = position as u32 + 1;
            }
        }
    }

    /// The slot that holds a key, or the free one for it.
    fn slot_of(&self, key: &str) -> usize {
        let mut hash = self.seed;
        for byte in key.bytes() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x9e37_79b1);
            // A product carries upwards alone: this brings what is above back down.
            hash ^= hash >> 15;
        }
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
        while let Some(&position) = self.table.get(slot)
            && position != 0
            && self.entries.get(position as usize - 1).is_some_and(|(known, _)| known != key)
        {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn behaves_like_the_map_of_the_standard_library(keys in prop::collection::vec("[ab\u{e9}]{0,5}", 0..200), random in 0.0..1.0) {
            let mut map = KeyMap::new(random);
            let mut expected = HashMap::new();
            for (value, key) in (0..).zip(&keys) {
                prop_assert_eq!(map.get_or_insert(key, value), *expected.entry(key).or_insert(value));
            }
            map.clear();
            prop_assert_eq!(map.get_or_insert("a", 7), 7);
        }
    }

    #[test]
    fn spreads_keys_that_differ_in_one_place() {
        let mut map = KeyMap::new(0.3);
        let mut probes = 0;
        for number in 0..4_096_u32 {
            let key = format!("t_{number:08}");
            map.get_or_insert(&key, number);
            let mut slot = map.slot_of(&key);
            let position = map.table[slot];
            let mut hash_slot = slot;
            while map.table[hash_slot] != 0 && map.table[hash_slot] <= position {
                hash_slot = (hash_slot + map.table.len() - 1) % map.table.len();
                probes += 1;
            }
            slot = hash_slot;
            assert!(slot < map.table.len());
        }
        assert!(probes < 4 * 4_096, "{probes}");
    }
}
