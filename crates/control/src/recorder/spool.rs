//! Records on disk while the database is away: a file of lines, each with its checksum, appended to and read from its beginning.
//!
//! It is emptied when all of it is delivered. Until then a restart delivers it again from the beginning: the log counts a request
//! once, however often it comes.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use roundhouse_domain::RequestRecord;

/// Digits of a checksum, and the space behind them.
const CHECKSUM: usize = 9;

/// Records on disk.
#[derive(Debug)]
pub(super) struct Spool {
    file: File,
    most: u64,
    size: u64,
    delivered: u64,
}

/// Records read from disk, and where those behind them begin.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) records: Vec<RequestRecord>,
    pub(super) unreadable: u64,
    end: u64,
}

impl Spool {
    /// Opens the file, which only this user may read.
    pub(super) fn open(path: &Path, most: u64) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
        let size = file.metadata()?.len();
        let mut spool = Self { file, most, size, delivered: 0 };
        if size > 0 {
            // Whoever was killed while writing left half a line: the next one must not be joined to it.
            spool.write(b"\n")?;
        }
        Ok(spool)
    }

    /// Whether there is anything to deliver.
    pub(super) fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// Bytes on disk.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Appends records until there is no more room; tells how many.
    pub(super) fn append(&mut self, records: &[RequestRecord]) -> io::Result<usize> {
        let mut text = Vec::new();
        let mut count = 0;
        for record in records {
            let json = serde_json::to_vec(record)?;
            if self.size + (text.len() + json.len() + CHECKSUM + 1) as u64 > self.most {
                break;
            }
            write!(text, "{:08x} ", crc32fast::hash(&json))?;
            text.extend(json);
            text.push(b'\n');
            count += 1;
        }
        self.write(&text)?;
        self.file.sync_data()?;
        Ok(count)
    }

    /// The next records to deliver, `count` at the most.
    pub(super) fn next(&mut self, count: usize) -> io::Result<Batch> {
        self.file.seek(SeekFrom::Start(self.delivered))?;
        let mut reader = BufReader::new(&self.file);
        let mut batch = Batch { end: self.delivered, ..Batch::default() };
        let mut line = Vec::new();
        while batch.records.len() < count {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            batch.end += length as u64;
            match read(&line) {
                Some(record) => batch.records.push(record),
                None if line.trim_ascii().is_empty() => {}
                None => batch.unreadable += 1,
            }
        }
        Ok(batch)
    }

    /// Takes note that a batch is delivered.
    pub(super) fn delivered(&mut self, batch: &Batch) -> io::Result<()> {
        self.delivered = batch.end;
        if self.delivered >= self.size {
            self.file.set_len(0)?;
            (self.size, self.delivered) = (0, 0);
        }
        Ok(())
    }

    /// Appends `text`, or nothing of it.
    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        if let Err(error) = self.file.write_all(text) {
            // What was written of it before the disk was full would only be in the way.
            self.file.set_len(self.size)?;
            return Err(error);
        }
        self.size += text.len() as u64;
        Ok(())
    }
}

fn read(line: &[u8]) -> Option<RequestRecord> {
    let (checksum, json) = line.trim_ascii_end().split_at_checked(CHECKSUM)?;
    let checksum = std::str::from_utf8(checksum).ok()?.strip_suffix(' ')?;
    let is_whole = u32::from_str_radix(checksum, 16).ok()? == crc32fast::hash(json);
    if is_whole { serde_json::from_slice(json).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::{AttemptRecord, Clock, Ids, KeyHash, Outcome, Timestamp};

    use super::*;

    fn records(count: usize) -> Vec<RequestRecord> {
        let ids = Ids::seeded(Clock::frozen(1_793_491_200_000), 1);
        let attempt = AttemptRecord {
            provider: "openai".into(),
            model: "m".into(),
            key_hash: Some(KeyHash([7; 16])),
            status: Some(503),
            verdict: "provider_fault".into(),
            error: Some("line\nbreak".into()),
            started_ms: 1,
            first_byte_ms: None,
            duration_ms: 2,
            cost: None,
        };
        let record = |_| RequestRecord {
            outcome: Outcome::Failed,
            operation: "chat.completions".into(),
            client_ip: Some([10, 0, 0, 7].into()),
            attempts: vec![attempt.clone()],
            ..RequestRecord::new(ids.next(), Timestamp::from_millis(5))
        };
        (0..count).map(record).collect()
    }

    fn drain(spool: &mut Spool) -> (Vec<RequestRecord>, u64) {
        let (mut all, mut unreadable) = (Vec::new(), 0);
        while !spool.is_empty() {
            let batch = spool.next(3).unwrap();
            spool.delivered(&batch).unwrap();
            unreadable += batch.unreadable;
            all.extend(batch.records);
        }
        (all, unreadable)
    }

    #[test]
    fn records_come_back_whole_and_in_order_also_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("requests.spool");
        let records = records(10);
        let mut spool = Spool::open(&path, 1 << 20).unwrap();
        assert_eq!(spool.append(&records[..4]).unwrap(), 4);
        assert_eq!(spool.append(&records[4..]).unwrap(), 6);
        let first = spool.next(3).unwrap();
        spool.delivered(&first).unwrap();
        assert_eq!(first.records, records[..3]);
        drop(spool);
        let mut spool = Spool::open(&path, 1 << 20).unwrap();
        assert_eq!(drain(&mut spool), (records, 0));
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
    }

    #[test]
    fn no_more_is_kept_than_there_may_be() {
        let folder = tempfile::tempdir().unwrap();
        let records = records(10);
        let mut spool = Spool::open(&folder.path().join("spool"), 1_000).unwrap();
        let kept = spool.append(&records).unwrap();
        assert!(kept > 0 && kept < 10 && spool.size() <= 1_000, "{kept}");
        assert_eq!(spool.append(&records).unwrap(), 0);
        assert_eq!(drain(&mut spool).0, records[..kept]);
        assert_eq!(spool.append(&records).unwrap(), kept);
    }

    #[test]
    fn wherever_a_process_died_whole_records_are_delivered() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        let records = records(3);
        Spool::open(&path, 1 << 20).unwrap().append(&records).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let line = whole.len() / 3;
        for cut in 0..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let mut spool = Spool::open(&path, 1 << 20).unwrap();
            spool.append(&records[2..]).unwrap();
            let (found, unreadable) = drain(&mut spool);
            // A line without its end is whole all the same.
            let lines = (cut + 1) / line;
            assert_eq!(found[..lines.min(3)], records[..lines.min(3)], "{cut}");
            assert_eq!(found.last(), records.last());
            assert!(unreadable <= 1);
        }
    }
}
