namespace FailoverLab.Wan.Tests;

internal sealed class SegmentTrainTests
{
    [Test]
    public void Take_SegmentsInOrder_AreCutIntoTheSameFramesAgain([Values] bool isIPv6, [Values(3000, 3333)] int payload)
    {
        var (frame, offload) = UncutTcp.Make(payload, isIPv6, flags: 0x18);
        var frames = UncutTcp.Cut(frame, offload);
        var train = new SegmentTrain();

        Assert.That(frames.Select(f => train.TryAdd(f)), Is.All.True);
        Assert.That(train.Count, Is.EqualTo(frames.Count));
        var whole = train.Take(out var again).ToArray();

        Assert.That(train.Count, Is.Zero);
        Assert.That(again, Is.EqualTo(offload));
        Assert.That(UncutTcp.Cut(whole, again), Is.EqualTo(frames));
    }

    [Test]
    public void Take_OneSegment_ComesAsItWas()
    {
        var first = Frames()[0];
        var train = new SegmentTrain();
        train.TryAdd(first);

        Assert.That(train.Take(out var offload).ToArray(), Is.EqualTo(first));
        Assert.That(offload.IsSegmented, Is.False);
    }

    [Test]
    public void TryAdd_WhatTheKernelWouldNotCutOffAgain_IsRefused()
    {
        var frames = Frames();

        Assert.That(Joins(frames[0], frames[2]), Is.False, "one is missing between them");
        Assert.That(Joins(frames[^1], frames[^1]), Is.False, "nothing follows a shorter one");
        Assert.That(Joins(frames[0], Changed(frames[1], 60)), Is.False, "its checksum is wrong, and would be made right");
        Assert.That(Joins(frames[0], Changed(frames[1], 0)), Is.False, "it is for another machine");
        Assert.That(Joins(frames[0], Changed(frames[1], 15)), Is.False, "another class of traffic");
        Assert.That(new SegmentTrain().TryAdd(TwoCables.Frame(1)), Is.False, "no TCP");
        Assert.That(Joins(frames[0], frames[1]), Is.True);
    }

    [Test]
    public void TryAdd_MoreThanOneFrameHolds_IsRefused()
    {
        var (frame, offload) = UncutTcp.Make(payload: 65_000);
        var train = new SegmentTrain();

        Assert.That(UncutTcp.Cut(frame, offload).Count(f => train.TryAdd(f)), Is.EqualTo(65));
        Assert.That(train.Take(out _).Length, Is.EqualTo(frame.Length));
    }

    private static List<byte[]> Frames()
    {
        var (frame, offload) = UncutTcp.Make(payload: 3500);
        return UncutTcp.Cut(frame, offload);
    }

    private static byte[] Changed(byte[] frame, int at)
    {
        var copy = frame.ToArray();
        copy[at] ^= 4;
        return copy;
    }

    private static bool Joins(byte[] first, byte[] second)
    {
        var train = new SegmentTrain();
        Assert.That(train.TryAdd(first), Is.True);
        return train.TryAdd(second);
    }
}
