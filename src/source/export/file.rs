//! One data file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use flate2::bufread::MultiGzDecoder;
use md5::{Digest, Md5};

/// How much is read at a time, in bytes.
const BUFFER: usize = 256 << 10;
/// What a file of gzip begins with (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A file of items, and what is to be in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Where it is.
    pub path: PathBuf,
    /// How many items it has, as the manifest says.
    pub items: Option<u64>,
    /// The MD5 of its bytes as they are stored, as the manifest says.
    pub md5: Option<[u8; 16]>,
}

/// A file that is being read.
pub struct Opened {
    /// Its text, unpacked.
    pub text: Box<dyn BufRead + Send>,
    sum: Sum,
}

/// What the checksum of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There is none to compare with.
    Unknown,
    /// It is the file that was written.
    Right,
    /// It is another.
    Wrong,
}

impl DataFile {
    /// Opens it.
    ///
    /// # Errors
    /// When it is not there, or no file.
    pub fn open(&self) -> io::Result<Opened> {
        // Opening a pipe would wait for whoever writes to it.
        if !std::fs::metadata(&self.path)?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let sum = Sum { expected: self.md5, state: Arc::new(Mutex::new(self.md5.map(|_| Md5::new()))) };
        let summed = Summed { file: File::open(&self.path)?, sum: sum.clone() };
        let mut input = BufReader::with_capacity(BUFFER, summed);
        let text: Box<dyn BufRead + Send> = if input.fill_buf()?.starts_with(&GZIP) {
            Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(input)))
        } else {
            Box::new(input)
        };
        Ok(Opened { text, sum })
    }
}

impl Opened {
    /// What its checksum says, once its text was read to its end.
    pub fn verdict(mut self) -> Verdict {
        // A gzip reader stops at the end of its last member; what follows belongs to the file, too.
        let _ = io::copy(&mut self.text, &mut io::sink());
        let Some(expected) = self.sum.expected else { return Verdict::Unknown };
        let state = self.sum.state.lock().unwrap_or_else(PoisonError::into_inner).take();
        match state.map(|state| state.finalize()) {
            Some(sum) if sum[..] == expected => Verdict::Right,
            _ => Verdict::Wrong,
        }
    }
}

/// A checksum being taken.
#[derive(Clone)]
struct Sum {
    expected: Option<[u8; 16]>,
    state: Arc<Mutex<Option<Md5>>>,
}

/// A file whose bytes are summed as they are read.
struct Summed {
    file: File,
    sum: Sum,
}

impl Read for Summed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if let Some(state) = self.sum.state.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            state.update(&buffer[..read]);
        }
        Ok(read)
    }
}
