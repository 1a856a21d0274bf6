//! The encoding of a file's text: named by its sender, by its byte order mark, or found from all of its bytes.

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use std::io::Read;

/// Bytes kept from the beginning, for marks and signatures.
const HEAD: usize = 1024;

/// Text as UTF-8, whatever it was written in.
pub type Utf8<R> = DecodeReaderBytes<R, Vec<u8>>;

/// Finds the encoding of a file whose bytes go by, part by part. Candidates are UTF-8, UTF-16 and GB18030 (which
/// contains GBK and GB2312): few, so that a short file is not taken for Korean.
pub struct Sniffer {
    head: Vec<u8>,
    utf8: Trial,
    gb18030: Trial,
}

impl Default for Sniffer {
    fn default() -> Self {
        Self { head: Vec::new(), utf8: Trial::of(UTF_8), gb18030: Trial::of(GB18030) }
    }
}

impl Sniffer {
    /// The next bytes of the file.
    pub fn update(&mut self, bytes: &[u8]) {
        let missing = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        self.utf8.update(bytes, false);
        self.gb18030.update(bytes, false);
    }

    /// Whether the first character is a brace.
    pub fn begins_with_object(&self) -> bool {
        let is_text = |byte: &&u8| !byte.is_ascii_whitespace() && !b"\xEF\xBB\xBF\xFF\xFE\0".contains(byte);
        self.head.iter().find(is_text) == Some(&b'{')
    }

    /// The encoding. A file with a few broken lines is still of the encoding of the others.
    pub fn finish(mut self) -> &'static Encoding {
        if let Some((encoding, _)) = Encoding::for_bom(&self.head) {
            return encoding;
        }
        let zeros = |from: usize| self.head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
        match (zeros(0), zeros(1), self.head.len() / 5) {
            (even, odd, fifth) if odd > fifth && even == 0 => return UTF_16LE,
            (even, odd, fifth) if even > fifth && odd == 0 => return UTF_16BE,
            _ => {}
        }
        self.utf8.update(&[], true);
        self.gb18030.update(&[], true);
        let is_utf8 = self.utf8.errors == 0
            || self.utf8.wide_characters >= self.utf8.errors
            || self.gb18030.errors >= self.utf8.errors;
        if is_utf8 { UTF_8 } else { GB18030 }
    }
}

/// How well an encoding fits.
struct Trial {
    decoder: Decoder,
    errors: u64,
    /// Characters of more than one byte.
    wide_characters: u64,
}

impl Trial {
    fn of(encoding: &'static Encoding) -> Self {
        Self { decoder: encoding.new_decoder_without_bom_handling(), errors: 0, wide_characters: 0 }
    }

    fn update(&mut self, mut bytes: &[u8], is_last: bool) {
        let mut text = [0; 4096];
        loop {
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(bytes, &mut text, is_last);
            // One lead byte a character, all of them 0xC0 or above.
            self.wide_characters += text[..written].iter().filter(|byte| **byte >= 0xC0).count() as u64;
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.errors += 1,
            }
        }
    }
}

/// An encoding by its label (WHATWG Encoding, §4.2), as `gbk` or `utf-16le`.
pub fn by_label(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.as_bytes())
}

/// A file's text as UTF-8. Bytes that say nothing in another encoding become U+FFFD; those of UTF-8 pass as they are,
/// so that the line they break is known.
pub fn decoded<R: Read>(input: R, encoding: &'static Encoding) -> Utf8<R> {
    let mut builder = DecodeReaderBytesBuilder::new();
    if encoding == UTF_8 {
        builder.bom_sniffing(false);
    } else {
        builder.encoding(Some(encoding)).strip_bom(true);
    }
    builder.build(input)
}
