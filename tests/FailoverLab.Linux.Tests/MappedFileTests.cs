namespace FailoverLab.Linux.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MappedFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Test]
    public void Slice_WholeAndParts_AreTheFile()
    {
        var bytes = Write(3 * 4096 + 5, settled: true);
        using var file = File.OpenHandle(_path);
        using var map = MappedFile.TryOpen(file, 1);
        if (map is null) Assert.Ignore("the folder for temporary files is on a file system that is not mapped");
        Assert.That(map.Length, Is.EqualTo(bytes.Length));
        Assert.That(map.Slice(0, bytes.Length).SequenceEqual(bytes), Is.True);
        map.Release(0, 2 * 4096);
        Assert.That(map.Slice(4000, 200).SequenceEqual(bytes.AsSpan(4000, 200)), Is.True);
        Assert.That(map.Slice(map.Length, 0).Length, Is.Zero);
        Assert.That(map.IsCheap(0) | map.IsCheap(map.Length), Is.True);
    }

    [TestCase(-1, 1)]
    [TestCase(0, 101)]
    [TestCase(100, 1)]
    [TestCase(101, 0)]
    [TestCase(50, -1)]
    [TestCase(long.MaxValue, int.MaxValue)]
    public void Slice_OutsideTheFile_Throws(long offset, int length)
    {
        Write(100, settled: true);
        using var file = File.OpenHandle(_path);
        using var map = MappedFile.TryOpen(file, 1);
        if (map is null) Assert.Ignore("the folder for temporary files is on a file system that is not mapped");
        Assert.That(() => map.Slice(offset, length).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
        map.Dispose();
        Assert.That(() => map.Slice(0, 1).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void TryOpen_ChangedJustNow_IsNotMapped()
    {
        Write(100, settled: false);
        using var file = File.OpenHandle(_path);
        Assert.That(MappedFile.TryOpen(file, 1), Is.Null);
    }

    [TestCase(0, 0)]
    [TestCase(100, 101)]
    public void TryOpen_TooShort_IsNotMapped(int length, int minLength)
    {
        Write(length, settled: true);
        using var file = File.OpenHandle(_path);
        Assert.That(MappedFile.TryOpen(file, minLength), Is.Null);
    }

    private byte[] Write(int length, bool settled)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)(i * 31);
        File.WriteAllBytes(_path, bytes);
        if (settled) File.SetLastWriteTimeUtc(_path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return bytes;
    }
}
