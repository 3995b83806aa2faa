namespace FailoverLab.Tunnel.Tests;

public sealed class DatagramTrainTests
{
    [Test]
    public void TryAdd_EqualSizes_UntilTheKernelsLimit()
    {
        var train = new DatagramTrain(10_000, 64);
        var count = 0;
        while (train.TryAdd(Datagram(1432, count)))
        {
            count++;
        }

        Assert.That((count, train.Count, train.Size, train.IsFull), Is.EqualTo((6, 6, 1432, true)));
        Assert.That(train[5].ToArray(), Is.EqualTo(Datagram(1432, 5)));
    }

    [Test]
    public void TryAdd_ShorterOne_EndsTheTrain()
    {
        var train = new DatagramTrain(10_000, 64);
        Assert.That(train.TryAdd(Datagram(100, 1)), Is.True);
        Assert.That(train.TryAdd(Datagram(60, 2)), Is.True);
        Assert.That(train.IsFull, Is.True);
        Assert.That(train.TryAdd(Datagram(60, 3)), Is.False);
        Assert.That(train.Bytes.ToArray(), Is.EqualTo((byte[])[.. Datagram(100, 1), .. Datagram(60, 2)]));
        Assert.That(train[1].ToArray(), Is.EqualTo(Datagram(60, 2)));
    }

    [Test]
    public void TryAdd_LongerOne_WaitsForTheNextTrain()
    {
        var train = new DatagramTrain(10_000, 64);
        Assert.That(train.TryAdd(Datagram(100, 1)), Is.True);
        Assert.That(train.TryAdd(Datagram(101, 2)), Is.False);
        train.Clear();
        Assert.That(train.TryAdd(Datagram(101, 2)), Is.True);
        Assert.That((train.Count, train.Size), Is.EqualTo((1, 101)));
    }

    [Test]
    public void TryAdd_TooManyOrTooLong_Refused()
    {
        var train = new DatagramTrain(1000, 3);
        Assert.That(train.TryAdd(Datagram(1001, 1)), Is.False);
        Assert.That(Enumerable.Range(0, 4).Select(i => train.TryAdd(Datagram(40, i))), Is.EqualTo(new[] { true, true, true, false }));
    }

    private static byte[] Datagram(int length, int mark)
    {
        var datagram = new byte[length];
        datagram.AsSpan().Fill((byte)mark);
        return datagram;
    }
}
