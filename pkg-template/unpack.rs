//! Undoes DEFLATE (RFC 1951), and then joins the streams into which `scripts/split-wasm.mjs` splits the WebAssembly of
//! the package.
//!
//! This is WebAssembly too, because it runs once, before the first call: engines compile WebAssembly when they load it,
//! but interpret JavaScript for its first milliseconds. `scripts/pack-wasm.mjs` compiles this file by itself, because the
//! crate forbids `unsafe`. A hash tells whether the input is what the build packed. Nothing else is checked as it is read, because
//! the build has unpacked the same bytes.
#![no_std]

use core::panic::PanicInfo;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Kinds of slots, numbered as in `scripts/wasm-tokens.mjs`.
const BEGIN: usize = 1;
const END: usize = 2;
const BYTES: usize = 3;
const CALL: usize = 6;
const LOCAL_GET: usize = 10;
const CONST: usize = 16;

const STREAMS: usize = 33;
/// The cursor of what has no stream: deflated bytes, and the header of the streams.
const INPUT: usize = STREAMS;

/// The longest code of a symbol, in bits.
const LONGEST: u32 = 15;
/// The largest alphabets: 288 literals and lengths, 32 distances.
const LENGTHS: usize = 320;
/// The order in which DEFLATE writes the lengths of codes that code lengths.
const ORDER: [u8; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The tables of the codes come last, so that the numbers before them are at small offsets, which take fewer bytes.
#[repr(C)]
struct Unpacker {
    /// The address that the next byte is written to.
    out: usize,
    /// The addresses that the next bytes are read from, by stream.
    cursors: [usize; STREAMS + 1],
    /// Bits of the input that are not used yet, the next one lowest, and their number.
    bits: u32,
    held: u32,
    /// Symbols from this number on stand for two others.
    pairs_from: usize,
    /// The address of the first symbol's shape: the number of its bytes, times 32, plus its slot.
    shapes: usize,
    /// The address where symbol 0 would have its two symbols, if it stood for two.
    pairs: usize,
    /// The address where the current function begins.
    function: usize,
    /// Whether the next instruction tells which stream has the last constant.
    awaits_constant: bool,
    /// The addresses of the bytes of each symbol.
    contents: [usize; 256],
    /// Of the code of each symbol, in bits.
    lengths: [u8; LENGTHS],
    literals: Codes,
    distances: Codes,
}

static mut UNPACKER: Unpacker = Unpacker {
    out: 0,
    cursors: [0; STREAMS + 1],
    bits: 0,
    held: 0,
    pairs_from: 0,
    shapes: 0,
    pairs: 0,
    function: 0,
    awaits_constant: false,
    contents: [0; 256],
    lengths: [0; LENGTHS],
    literals: Codes::EMPTY,
    distances: Codes::EMPTY,
};

/// Unpacks `length` bytes at the address `packed` into the memory that follows them, and returns the address of the
/// result. Traps where the FNV-1a hash of the packed bytes is not `hash`. It can be called once.
#[unsafe(no_mangle)]
extern "C" fn unpack(packed: usize, length: usize, hash: u32) -> usize {
    let unpacker = &raw mut UNPACKER;
    // SAFETY: there is one thread and one call.
    let unpacker = unsafe { &mut *unpacker };
    let split = packed + length;
    let mut found = 0x811c_9dc5;
    for address in packed..split {
        found = (found ^ u32::from(load(address))).wrapping_mul(0x0100_0193);
    }
    if found != hash {
        core::arch::wasm32::unreachable()
    }
    *item_mut(&mut unpacker.cursors, INPUT) = packed;
    unpacker.out = split;
    unpacker.inflate();
    *item_mut(&mut unpacker.cursors, INPUT) = split;
    let result = unpacker.out;
    unpacker.join();
    result
}

/// A table from the bits that come next to the symbol they begin with, times 16, plus the length of its code.
#[repr(C)]
struct Codes {
    longest: u32,
    table: [u16; 1 << LONGEST],
}

impl Codes {
    const EMPTY: Self = Self { longest: 0, table: [0; 1 << LONGEST] };

    /// Returns the entry for the bits that come next.
    #[inline(always)]
    fn find(&self, bits: u32) -> u32 {
        u32::from(*item(&self.table, (bits & ((1 << self.longest) - 1)) as usize))
    }

    /// Takes the lengths of the codes of all symbols.
    #[inline(never)]
    fn fill(&mut self, lengths: &[u8]) {
        self.longest = 1;
        for length in lengths {
            self.longest = self.longest.max(u32::from(*length));
        }
        // Codes are written with their first bit first, so this one has its bits in reverse.
        let mut code = 0;
        let mut size = 1;
        while size <= self.longest {
            let mut symbol = 0;
            while symbol < lengths.len() {
                if u32::from(*item(lengths, symbol)) == size {
                    let mut bits = code;
                    while bits < 1 << self.longest {
                        *item_mut(&mut self.table, bits as usize) = (symbol << 4) as u16 | size as u16;
                        bits += 1 << size;
                    }
                    let mut bit = 1 << (size - 1);
                    while code & bit != 0 {
                        code ^= bit;
                        bit >>= 1;
                    }
                    code |= bit;
                }
                symbol += 1;
            }
            size += 1;
        }
    }
}

/// DEFLATE.
impl Unpacker {
    #[inline(never)]
    fn inflate(&mut self) {
        loop {
            let is_last = self.take(1) == 1;
            let kind = self.take(2);
            if kind == 0 {
                self.copy_stored();
            } else {
                let (literals, all) = self.read_lengths(kind == 1);
                self.literals.fill(slice(&self.lengths, 0, literals));
                self.distances.fill(slice(&self.lengths, literals, all));
                self.inflate_block();
            }
            if is_last {
                return;
            }
        }
    }

    #[inline(always)]
    fn copy_stored(&mut self) {
        // It begins with a whole byte, and says twice how long it is.
        self.take(self.held & 7);
        let length = self.take(16);
        self.take(16);
        for _ in 0..length {
            let byte = self.take(8);
            self.put(byte);
        }
    }

    /// Returns the number of literals, and of literals and distances.
    #[inline(always)]
    fn read_lengths(&mut self, are_fixed: bool) -> (usize, usize) {
        for symbol in 0..LENGTHS {
            *item_mut(&mut self.lengths, symbol) = match symbol {
                _ if !are_fixed => 0,
                0..144 | 280..288 => 8,
                144..256 => 9,
                256..280 => 7,
                _ => 5,
            };
        }
        if are_fixed {
            return (288, LENGTHS);
        }
        let literals = self.take(5) as usize + 257;
        let all = literals + self.take(5) as usize + 1;
        let count = self.take(4) as usize + 4;
        for index in 0..count {
            let symbol = *item(&ORDER, index);
            *item_mut(&mut self.lengths, usize::from(symbol)) = self.take(3) as u8;
        }
        self.literals.fill(slice(&self.lengths, 0, ORDER.len()));
        let mut length = 0;
        let mut symbol = 0;
        while symbol < all {
            let (repeated, times) = match self.literal() {
                16 => (length, self.take(2) + 3),
                17 => (0, self.take(3) + 3),
                18 => (0, self.take(7) + 11),
                other => (other, 1),
            };
            length = repeated;
            for _ in 0..times {
                *item_mut(&mut self.lengths, symbol) = length as u8;
                symbol += 1;
            }
        }
        (literals, all)
    }

    #[inline(always)]
    fn inflate_block(&mut self) {
        loop {
            let symbol = self.literal();
            if symbol < 256 {
                self.put(symbol);
                continue;
            }
            if symbol == 256 {
                return;
            }
            let length = if symbol == 285 { 258 } else { self.spread(symbol - 257, 2) + 3 };
            let distance = self.distance();
            let back = self.spread(distance, 1) as usize + 1;
            for _ in 0..length {
                self.put(u32::from(load(self.out - back)));
            }
        }
    }

    #[inline(never)]
    fn literal(&mut self) -> u32 {
        self.hold(LONGEST);
        let found = self.literals.find(self.bits);
        self.drop(found)
    }

    #[inline(always)]
    fn distance(&mut self) -> u32 {
        self.hold(LONGEST);
        let found = self.distances.find(self.bits);
        self.drop(found)
    }

    /// Drops the code that was found, and returns its symbol.
    #[inline(always)]
    fn drop(&mut self, found: u32) -> u32 {
        self.bits >>= found & 15;
        self.held -= found & 15;
        found >> 4
    }

    /// Lengths and distances grow in steps that double; each step has `1 << size` symbols.
    #[inline(never)]
    fn spread(&mut self, symbol: u32, size: u32) -> u32 {
        let step = symbol >> size;
        if step < 2 {
            return symbol;
        }
        let base = symbol - ((step - 1) << size);
        (base << (step - 1)) + self.take(step - 1)
    }

    #[inline(never)]
    fn take(&mut self, count: u32) -> u32 {
        self.hold(count);
        let value = self.bits & ((1 << count) - 1);
        self.bits >>= count;
        self.held -= count;
        value
    }

    /// Reads until that many bits are held.
    #[inline(always)]
    fn hold(&mut self, count: u32) {
        while self.held < count {
            self.bits |= self.byte(INPUT) << self.held;
            self.held += 8;
        }
    }
}

/// The streams.
impl Unpacker {
    #[inline(always)]
    fn join(&mut self) {
        self.pairs_from = self.byte(INPUT) as usize;
        self.shapes = *item(&self.cursors, INPUT);
        let mut at = self.shapes + self.pairs_from;
        for symbol in 0..self.pairs_from {
            *item_mut(&mut self.contents, symbol) = at;
            at += usize::from(load(self.shapes + symbol) >> 5);
        }
        *item_mut(&mut self.cursors, INPUT) = at;
        let pairs = self.byte(INPUT) as usize;
        self.pairs = at + 1 - self.pairs_from * 2;
        *item_mut(&mut self.cursors, INPUT) = at + 1 + pairs * 2;
        // The streams follow their lengths.
        let mut before = 0;
        for stream in 0..STREAMS {
            *item_mut(&mut self.cursors, stream) = before;
            before += self.number(INPUT) as usize;
        }
        let start = *item(&self.cursors, INPUT);
        for stream in 0..STREAMS {
            *item_mut(&mut self.cursors, stream) += start;
        }
        let end = *item(&self.cursors, 1);
        while *item(&self.cursors, 0) < end {
            let symbol = self.byte(0) as usize;
            self.expand(symbol);
        }
    }

    #[inline(never)]
    fn expand(&mut self, symbol: usize) {
        if symbol >= self.pairs_from {
            let pair = self.pairs + symbol * 2;
            self.expand(usize::from(load(pair)));
            return self.expand(usize::from(load(pair + 1)));
        }
        let at = *item(&self.contents, symbol);
        if self.awaits_constant {
            self.awaits_constant = false;
            let stream = CONST + usize::from(load(at) >> 4);
            self.copy_number(stream, stream);
        }
        let shape = usize::from(load(self.shapes + symbol));
        for index in 0..shape >> 5 {
            self.put(u32::from(load(at + index)));
        }
        match shape & 31 {
            0 => {}
            BEGIN => self.function = self.out,
            END => self.write_size(),
            CONST => self.awaits_constant = true,
            stream @ BYTES..CALL => {
                for _ in 0..self.number(stream) {
                    let byte = self.byte(stream);
                    self.put(byte);
                }
            }
            stream @ CALL..LOCAL_GET => self.copy_number(stream, stream + 2),
            stream => self.copy_number(stream, stream),
        }
    }

    /// Writes the size of the function before it.
    #[inline(always)]
    fn write_size(&mut self) {
        let size = self.out - self.function;
        let mut left = size;
        self.out = self.function;
        while left > 127 {
            left >>= 7;
            self.out += 1;
        }
        let body = self.out + 1;
        // SAFETY: both lie in the memory behind `packed`.
        unsafe { core::ptr::copy(self.function as *const u8, body as *mut u8, size) };
        left = size;
        self.out = self.function;
        while left > 127 {
            self.put(left as u32 | 128);
            left >>= 7;
        }
        self.put(left as u32);
        self.out += size;
    }

    /// Copies a LEB128 number whose bytes after the first are in the stream `others`.
    #[inline(never)]
    fn copy_number(&mut self, first: usize, others: usize) {
        let mut byte = self.byte(first);
        while byte > 127 {
            self.put(byte);
            byte = self.byte(others);
        }
        self.put(byte);
    }

    /// Reads a LEB128 number.
    #[inline(never)]
    fn number(&mut self, stream: usize) -> u32 {
        let mut value = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte(stream);
            value |= (byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return value;
            }
        }
    }

    #[inline(never)]
    fn byte(&mut self, stream: usize) -> u32 {
        let cursor = item_mut(&mut self.cursors, stream);
        let byte = load(*cursor);
        *cursor += 1;
        u32::from(byte)
    }

    #[inline(always)]
    fn put(&mut self, byte: u32) {
        // SAFETY: the caller of `unpack` made room for the result.
        unsafe { *(self.out as *mut u8) = byte as u8 };
        self.out += 1;
    }
}

/// Returns the byte at an address.
#[inline(always)]
fn load(address: usize) -> u8 {
    // SAFETY: addresses are those of bytes that the caller of `unpack` provided and `hash` vouches for, or that were written here.
    unsafe { *(address as *const u8) }
}

/// Returns an item without a check of its index, which would take a fifth of the size.
#[inline(always)]
fn item<T>(items: &[T], index: usize) -> &T {
    // SAFETY: the build has unpacked the same bytes with the same indices.
    unsafe { items.get_unchecked(index) }
}

/// Like `item`.
#[inline(always)]
fn item_mut<T>(items: &mut [T], index: usize) -> &mut T {
    // SAFETY: like `item`.
    unsafe { items.get_unchecked_mut(index) }
}

/// Like `item`.
#[inline(always)]
fn slice(items: &[u8], from: usize, to: usize) -> &[u8] {
    // SAFETY: like `item`.
    unsafe { items.get_unchecked(from..to) }
}
