using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Grid.Gzip;

namespace Grid.Tests.Gzip;

public sealed class StrictGzipStreamTests
{
    private static readonly byte[] MemberStart = [0x1F, 0x8B, 0x08];

    [Fact]
    public void Any_members_read_as_their_contents_one_after_the_other()
    {
        Prop.ForAll(Members().ToArbitrary(), members =>
        {
            Assert.Equal(members.SelectMany(member => member.Content), Decompress([.. members.SelectMany(member => member.Packed)]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_file_that_is_cut_at_any_byte_is_refused()
    {
        Prop.ForAll(Members().ToArbitrary(), members =>
        {
            byte[] whole = [.. members.SelectMany(member => member.Packed)];
            var ends = members.Select((_, last) => members.Take(last + 1).Sum(member => member.Packed.Length)).ToHashSet();
            for (var length = 1; length < whole.Length; length++)
            {
                // A cut between two members leaves a whole file, which nobody can tell from one that was meant so.
                if (!ends.Contains(length))
                {
                    Assert.Contains("breaks off", Refused(whole[..length]), StringComparison.Ordinal);
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(20));
    }

    [Fact]
    public void A_bit_that_is_turned_is_refused_or_changes_nothing()
    {
        Prop.ForAll(Members().ToArbitrary(), members =>
        {
            byte[] whole = [.. members.SelectMany(member => member.Packed)];
            var from = members[0].HeaderBytes;
            for (var at = from; at < members[0].Packed.Length; at++)
            {
                // The bits between the end of the data and the next byte mean nothing; every bit of the trailer does.
                whole[at] ^= 0x10;
                if (at >= members[0].Packed.Length - 8 || !TryDecompress(whole, out var read))
                {
                    Refused(whole);
                }
                else
                {
                    Assert.Equal(members.SelectMany(member => member.Content), read);
                }

                whole[at] ^= 0x10;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(20));
    }

    [Fact]
    public void Large_members_that_hold_the_first_bytes_of_members_are_read_and_cut_ones_refused()
    {
        var random = new Random(5);
        var content = new byte[300_000];
        random.NextBytes(content);
        for (var i = 0; i < 2_000; i++)
        {
            MemberStart.CopyTo(content, random.Next(content.Length - 3));
        }

        // Bytes that do not compress are stored as they are, first bytes of members and all.
        byte[] whole = [.. Pack(content, CompressionLevel.Optimal), .. Pack(content.AsSpan(0, 70_000), CompressionLevel.NoCompression)];
        Assert.Equal([.. content, .. content[..70_000]], Decompress(whole));
        Assert.Equal([.. content, .. content[..70_000]], Decompress(whole, pieces: 7));
        for (var cut = 1; cut < 400; cut++)
        {
            Assert.Contains("breaks off", Refused(whole[..^cut]), StringComparison.Ordinal);
        }

        foreach (var length in Enumerable.Range(0, 200).Select(_ => random.Next(1, whole.Length)))
        {
            Assert.Contains("breaks off", Refused(whole[..length]), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\0")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("some text after it")]
    [InlineData("\u001f")]
    public void What_follows_the_last_member_is_refused(string text) =>
        Assert.Contains(
            "other bytes after the data",
            Refused([.. Pack("payments"u8, CompressionLevel.Optimal), .. Encoding.UTF8.GetBytes(text)]),
            StringComparison.Ordinal);

    [Fact]
    public void What_was_decompressed_before_the_break_is_given_out_and_then_the_error()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{i * 7919 % 9973}\n")));
        var packed = Pack(content, CompressionLevel.Optimal);
        using var stream = new StrictGzipStream(new MemoryStream(packed[..(packed.Length / 2)]));
        var read = new byte[content.Length];
        var length = 0;

        Assert.Throws<InvalidDataException>(() =>
        {
            for (var last = 1; last > 0; length += last)
            {
                last = stream.Read(read, length, read.Length - length);
            }
        });

        Assert.InRange(length, content.Length / 4, content.Length - 1);
        Assert.Equal(content[..length], read[..length]);
        Assert.Throws<InvalidDataException>(() => stream.ReadByte());
    }

    private static Gen<Member[]> Members() =>
        from texts in Gen.Elements("", "a", "card,amount\n", "1,2018-07-25,12.50\n", new string('x', 300)).ArrayOf()
            .Select(string.Concat).NonEmptyListOf()
        from level in Gen.Elements(CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.Optimal)
        from flags in Gen.Choose(0, 31)
        select texts.Select(text => Member.Of(Encoding.UTF8.GetBytes(text), level, (byte)flags)).ToArray();

    private static byte[] Decompress(byte[] packed, int pieces = int.MaxValue)
    {
        using var stream = new StrictGzipStream(new Pieces(packed, pieces));
        using var whole = new MemoryStream();
        stream.CopyTo(whole);
        return whole.ToArray();
    }

    private static bool TryDecompress(byte[] packed, out byte[] read)
    {
        try
        {
            read = Decompress(packed);
            return true;
        }
        catch (InvalidDataException)
        {
            read = [];
            return false;
        }
    }

    private static string Refused(byte[] packed) => Assert.Throws<InvalidDataException>(() => Decompress(packed)).Message;

    private static byte[] Pack(ReadOnlySpan<byte> content, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>A member whose header has the optional parts that its flags name.</summary>
    private sealed record Member(byte[] Content, byte[] Packed, int HeaderBytes)
    {
        public static Member Of(byte[] content, CompressionLevel level, byte flags)
        {
            // The framework writes a header of ten bytes; of an empty content it writes nothing at all.
            byte[] plain = content.Length == 0
                ? [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
                : Pack(content, level);
            List<byte> header = [.. plain[..3], flags, .. plain[4..10]];
            header.AddRange((flags & 4) != 0 ? [12, 0, .. "twelve bytes"u8] : []);
            header.AddRange((flags & 8) != 0 ? "payments.csv\0"u8 : []);
            header.AddRange((flags & 16) != 0 ? "a comment\0"u8 : []);
            if ((flags & 2) != 0)
            {
                var crc = PlainCrc([.. header]);
                header.AddRange([(byte)crc, (byte)(crc >> 8)]);
            }

            return new(content, [.. header, .. plain[10..]], header.Count);
        }

        // The plain twin of the checksum: bit by bit.
        private static uint PlainCrc(byte[] bytes)
        {
            var crc = uint.MaxValue;
            foreach (var one in bytes)
            {
                crc ^= one;
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB8_8320;
                }
            }

            return ~crc;
        }
    }

    /// <summary>A file that gives its bytes a few at a time.</summary>
    private sealed class Pieces(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
