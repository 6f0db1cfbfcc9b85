//! Open hash tables of small numbers, read in place.

/// Slots that are tried before a look-up gives up.
const MAX_PROBES: usize = 64;

fn print_of(hash: u64) -> u32 {
    (hash as u32).max(1)
}

/// Looks a hash up. A slot is a `u64`: part of the hash in the low half, the value in the high
/// half. 0 is a hash that is not there; no bytes make it panic.
pub(crate) fn find(slots: &[[u8; 8]], hash: u64) -> u32 {
    let mask = slots.len().wrapping_sub(1);
    let mut at = (hash >> 36) as usize & mask;
    for _ in 0..MAX_PROBES {
        let slot = slots.get(at).map_or(0, |slot| u64::from_le_bytes(*slot));
        if slot as u32 == print_of(hash) {
            return (slot >> 32) as u32;
        }
        if slot == 0 {
            return 0;
        }
        at = (at + 1) & mask;
    }
    0
}

/// Makes the table that [`find`] reads, at most 70% full. Of two hashes that cannot be told
/// apart, the first one stays.
pub(crate) fn make(pairs: &[(u64, u32)]) -> Vec<u8> {
    let mask = (pairs.len() * 10 / 7 + 1).next_power_of_two() - 1;
    let mut slots = vec![0u64; mask + 1];
    for (hash, value) in pairs {
        let mut at = (hash >> 36) as usize & mask;
        for _ in 0..MAX_PROBES {
            if slots[at] == 0 {
                slots[at] = u64::from(*value) << 32 | u64::from(print_of(*hash));
                break;
            }
            if slots[at] as u32 == print_of(*hash) {
                break;
            }
            at = (at + 1) & mask;
        }
    }
    slots.iter().flat_map(|slot| slot.to_le_bytes()).collect()
}
