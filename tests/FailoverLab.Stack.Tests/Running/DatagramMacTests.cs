using System.Security.Cryptography;
using FailoverLab.Dataplane;
using FailoverLab.Linux;
using FailoverLab.Primitives;
using FailoverLab.Tunnel;

namespace FailoverLab.Stack.Tests;

/// <summary>What holds for every way to compute a tag.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class DatagramMacTests(bool direct)
{
    private static readonly (string Key, string Data, string Mac)[] Rfc4231 =
    [
        (Repeat("0b", 20), "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        ("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (Repeat("aa", 20), Repeat("dd", 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        ("0102030405060708090a0b0c0d0e0f10111213141516171819", Repeat("cd", 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (Repeat("aa", 131), "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    ];

    [Test]
    public void Compute_VectorsOfRfc4231_AsPrinted([Range(0, 4)] int index, [Values(0, 1, 8)] int cut)
    {
        var (key, text, expected) = Rfc4231[index];
        using var mac = Create(Convert.FromHexString(key));
        var data = Convert.FromHexString(text);
        var result = new byte[IDatagramMac.Size];
        mac.Compute(data.AsSpan(0, cut), data.AsSpan(cut), result);
        Assert.That(Convert.ToHexStringLower(result), Is.EqualTo(expected));
    }

    [Test]
    public void Compute_RandomMessages_AsTheFrameworksOneShot([Values(1UL, 2UL)] ulong seed)
    {
        var random = new SeededRandom(seed);
        var key = Bytes(random, 33);
        using var mac = Create(key);
        var result = new byte[IDatagramMac.Size];
        for (var i = 0; i < 500; i++)
        {
            var (first, second) = (Bytes(random, 16), Bytes(random, random.Next(1500)));
            mac.Compute(first, second, result);
            Assert.That(result, Is.EqualTo(HMACSHA256.HashData(key, (byte[])[.. first, .. second])), $"seed {seed}, message {i}");
        }
    }

    [Test]
    public void Compute_ManyMessages_AllocatesNothing()
    {
        using var mac = Create("k"u8);
        var (message, result) = (new byte[1400], new byte[IDatagramMac.Size]);
        mac.Compute(message.AsSpan(0, 16), message, result);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            mac.Compute(message.AsSpan(0, 16), message, result);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Compute_ResultTooShort_IsRefused()
    {
        using var mac = Create("k"u8);
        Assert.That(() => mac.Compute([], [], new byte[31]), Throws.InstanceOf<ArgumentException>());
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static byte[] Bytes(SeededRandom random, int length) => [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(256))];

    private IDatagramMac Create(ReadOnlySpan<byte> key)
    {
        if (!direct)
        {
            return new IncrementalMac(key);
        }

        if (CryptoMac.TryCreate(key) is { } mac)
        {
            return mac;
        }

        Assert.Ignore("needs libcrypto.so.3");
        throw new InvalidOperationException("not reached");
    }
}
