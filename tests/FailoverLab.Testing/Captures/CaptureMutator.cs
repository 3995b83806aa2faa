using System.Buffers.Binary;
using FailoverLab.Primitives;

namespace FailoverLab.Testing;

/// <summary>
/// Damages captures and makes up hostile ones. Each seed gives one file; <see cref="Next"/> writes it into <see cref="File"/>.
/// </summary>
public sealed class CaptureMutator
{
    private const int Room = 4096;

    private static readonly uint[] BlockTypes = [0x0A0D0D0A, 1, 2, 3, 4, 5, 6, 9, 0x0A, 0x0BAD, 0x40000BAD, 0x80000001, 0, uint.MaxValue];

    private static readonly uint[] Interesting =
    [
        0, 1, 2, 3, 4, 8, 11, 12, 13, 16, 20, 24, 28, 31, 32, 33, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0xFFFFFF, 0x1000000, 0x1000001,
        0x7FFFFFFC, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFC, 0xFFFFFFFF, 0x1A2B3C4D, 0x0A0D0D0A, 0xA1B2C3D4, 0xA1B23C4D,
    ];

    private readonly byte[] _spare = new byte[Room];

    /// <summary>The file last made; only <see cref="Length"/> bytes of it.</summary>
    public byte[] File { get; } = new byte[Room];

    /// <summary>Bytes of the file last made.</summary>
    public int Length { get; private set; }

    /// <summary>Makes the file of a seed: two of three are damaged files of the corpus, the third is made up block by block.</summary>
    public void Next(ulong seed)
    {
        var random = new SeededRandom(seed);
        if (random.Next(3) == 0)
        {
            MakeUp(random);
        }
        else
        {
            var source = Corpus.Files[random.Next(Corpus.Files.Count)].Bytes;
            Length = Math.Min(source.Length, Room);
            source.AsSpan(0, Length).CopyTo(File);
        }

        for (var rounds = random.Next(4); rounds >= 0 && Length > 0; rounds--) Damage(random);
    }

    private void Damage(SeededRandom random)
    {
        var at = random.Next(Length);
        switch (random.Next(8))
        {
            case 0:
                File[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                File[at] = (byte)random.Next(256);
                break;
            case 2 or 3:
                Put(random, at & ~3);
                break;
            case 4:
                if (at + 2 <= Length) BinaryPrimitives.WriteUInt16BigEndian(File.AsSpan(at), (ushort)Pick(random));
                break;
            case 5:
                Length = at;
                break;
            case 6:
                Remove(at, 1 + random.Next(Math.Min(64, Length - at)));
                break;
            default:
                // A piece of another file, or of this one again.
                var source = Corpus.Files[random.Next(Corpus.Files.Count)].Bytes;
                var from = random.Next(source.Length);
                Insert(at, source.AsSpan(from, Math.Min(1 + random.Next(200), source.Length - from)));
                break;
        }
    }

    private void Put(SeededRandom random, int at)
    {
        if (at + 4 > Length) return;
        if (random.Next(2) == 0) BinaryPrimitives.WriteUInt32LittleEndian(File.AsSpan(at), Pick(random));
        else BinaryPrimitives.WriteUInt32BigEndian(File.AsSpan(at), Pick(random));
    }

    /// <summary>A number that often matters, one near the file's length, or any.</summary>
    private uint Pick(SeededRandom random) => random.Next(4) switch
    {
        0 => (uint)(Length - 40 + random.Next(80)),
        1 => (uint)random.NextUInt64(),
        _ => Interesting[random.Next(Interesting.Length)],
    };

    /// <summary>Blocks of every type with fields that are right, nearly right or nonsense; sometimes behind a pcap header.</summary>
    private void MakeUp(SeededRandom random)
    {
        var bigEndian = random.Next(2) == 0;
        Length = 0;
        if (random.Next(4) == 0)
        {
            Word(bigEndian, random.Next(2) == 0 ? 0xA1B2C3D4 : 0xA1B23C4D);
            for (var i = 0; i < 4; i++) Word(bigEndian, Pick(random));
            Word(bigEndian, (uint)random.Next(300));
            for (var i = random.Next(6); i > 0; i--) PcapPacket(random, bigEndian);
            return;
        }

        Block(random, bigEndian, 0x0A0D0D0A);
        Block(random, bigEndian, 1);
        for (var i = random.Next(8); i > 0; i--)
        {
            if (random.Next(16) == 0) bigEndian = !bigEndian;
            Block(random, bigEndian, BlockTypes[random.Next(BlockTypes.Length)]);
        }
    }

    private void PcapPacket(SeededRandom random, bool bigEndian)
    {
        var frame = Corpus.Frames[random.Next(Corpus.Frames.Count)];
        Word(bigEndian, Pick(random));
        Word(bigEndian, Pick(random));
        Word(bigEndian, random.Next(4) == 0 ? Pick(random) : (uint)frame.Length);
        Word(bigEndian, random.Next(4) == 0 ? Pick(random) : (uint)frame.Length);
        Bytes(frame);
    }

    private void Block(SeededRandom random, bool bigEndian, uint type)
    {
        var start = Length;
        Word(bigEndian, type);
        Word(bigEndian, 0);
        Body(random, bigEndian, type);
        for (var i = random.Next(3); i > 0 && type != 3; i--) Option(random, bigEndian);
        var length = (uint)(Length + 4 - start);
        if (random.Next(12) == 0) length = Pick(random);
        Word(bigEndian, random.Next(16) == 0 ? Pick(random) : length);
        if (start + 8 > Room) return;
        if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(File.AsSpan(start + 4), length);
        else BinaryPrimitives.WriteUInt32LittleEndian(File.AsSpan(start + 4), length);
    }

    private void Body(SeededRandom random, bool bigEndian, uint type)
    {
        uint Field(uint right) => random.Next(8) == 0 ? Pick(random) : right;
        var frame = Corpus.Frames[random.Next(Corpus.Frames.Count)];
        switch (type)
        {
            case 0x0A0D0D0A:
                Word(bigEndian, Field(0x1A2B3C4D));
                Word(bigEndian, Field(1));
                Word(bigEndian, Field(uint.MaxValue));
                Word(bigEndian, Field(uint.MaxValue));
                return;
            case 1:
                Word(bigEndian, bigEndian ? Field((uint)random.Next(280) << 16) : Field((uint)random.Next(280)));
                Word(bigEndian, Field(0));
                return;
            case 2 or 6:
                Word(bigEndian, Field((uint)random.Next(2)));
                Word(bigEndian, Pick(random));
                Word(bigEndian, Pick(random));
                Word(bigEndian, Field((uint)frame.Length));
                Word(bigEndian, Field((uint)frame.Length));
                break;
            case 3:
                Word(bigEndian, Field((uint)frame.Length));
                break;
            default:
                for (var i = random.Next(8); i > 0; i--) Word(bigEndian, Pick(random));
                return;
        }

        Bytes(frame);
        Bytes(stackalloc byte[-frame.Length & 3]);
    }

    /// <summary>Codes that mean something more often than others, lengths right or wrong.</summary>
    private void Option(SeededRandom random, bool bigEndian)
    {
        var length = random.Next(3) == 0 ? 8 : random.Next(12);
        var code = (uint)(random.Next(4) == 0 ? random.Next(65536) : random.Next(16));
        var claimed = random.Next(6) == 0 ? Pick(random) & 0xFFFF : (uint)length;
        Word(bigEndian, bigEndian ? (code << 16) | claimed : code | (claimed << 16));
        for (var i = 0; i < (length + 3) / 4; i++) Word(bigEndian, (uint)random.NextUInt64());
    }

    private void Word(bool bigEndian, uint value)
    {
        Span<byte> word = stackalloc byte[4];
        if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(word, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(word, value);
        Bytes(word);
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Room - Length);
        bytes[..count].CopyTo(File.AsSpan(Length));
        Length += count;
    }

    private void Remove(int at, int count)
    {
        File.AsSpan(at + count, Length - at - count).CopyTo(File.AsSpan(at));
        Length -= count;
    }

    private void Insert(int at, ReadOnlySpan<byte> piece)
    {
        var tail = Length - at;
        File.AsSpan(at, tail).CopyTo(_spare);
        Length = at;
        Bytes(piece);
        Bytes(_spare.AsSpan(0, tail));
    }
}
