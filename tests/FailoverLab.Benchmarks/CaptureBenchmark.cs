using System.Globalization;

namespace FailoverLab.Benchmarks;

/// <summary>Times the analysis of captures beside the tools people use today, and prints a table in Markdown.</summary>
/// <param name="program">Our program, published.</param>
/// <param name="turns">How often each pair is timed.</param>
/// <param name="folder">Where captures are written, and removed afterwards.</param>
/// <param name="withLarge">Whether files of 0.5 and 4 GB are analysed too.</param>
internal sealed class CaptureBenchmark(string program, int turns, string folder, bool withLarge)
{
    private const int FrameBytes = 146;
    private const long Packets = 8_000_000;
    private const long TsharkPackets = 1_000_000;
    private const int Flows = 8;
    private const int ManyFlows = 4000;

    /// <summary>Runs everything.</summary>
    /// <exception cref="InvalidOperationException">A program failed, or a generated file is not what it should be.</exception>
    public void Run()
    {
        var loadBefore = Machine.Load();
        var whole = Generate("whole.pcap", Packets, Flows);
        var part = Generate("part.pcap", TsharkPackets, Flows);
        RequirePlainUdp(part);
        var analyze = Analyze(whole);
        Console.WriteLine($"{Packets / 1e6:0} million packets, {Flows} probe flows, {new FileInfo(whole).Length / 1e9:0.00} GB nanosecond pcap, warm cache, whole process.\n");
        Console.WriteLine("| rival | its time | our time | ratio of times | worst to best | ratio of CPU time |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Print("`tcpdump -r F --count udp`", Duel.Fight(analyze, new Contender("tcpdump", "tcpdump", "-r", whole, "--count", "udp"), turns));
        Print("`capinfos -c F`", Duel.Fight(analyze, new Contender("capinfos", "capinfos", "-c", whole), turns));
        var scale = (double)Packets / TsharkPackets;
        Print($"`tshark -q -z conv,udp`, {TsharkPackets / 1e6:0} million packets × {scale:0}", Duel.Fight(analyze, new Contender("tshark", "tshark", "-r", part, "-q", "-z", "conv,udp"), turns, scale), scale);

        Console.WriteLine("\n| file | our time | CPU time | million packets/s | anonymous memory, MiB |");
        Console.WriteLine("|---|---|---|---|---|");
        Show("`--version`", 0, new Contender("version", program, "--version"));
        var pcap = Show("8 million packets, 8 flows, pcap", Packets, analyze);
        var pcapng = Once("whole.pcapng", Packets, Flows, "the same, pcapng");
        var quarter = Once("quarter.pcap", Packets / 4, Flows, "2 million packets, 8 flows");
        Once("flows.pcap", Packets, ManyFlows, "8 million packets, 4,000 flows");
        if (withLarge)
        {
            Once("half.pcap", 3_100_000, Flows, "0.5 GB");
            Once("large.pcap", 25_000_000, Flows, "4 GB");
        }

        File.Delete(whole);
        File.Delete(part);
        Console.WriteLine($"\npcapng / pcap: {Text(pcapng.Seconds / pcap.Seconds)} of time, {Text(pcapng.CpuSeconds / pcap.CpuSeconds)} of CPU time."
            + $" 4 times the packets: {Text(pcap.Seconds / quarter.Seconds)} times the time, {Text(pcap.CpuSeconds / quarter.CpuSeconds)} times the CPU time.");
        Console.WriteLine($"\n{Machine.Describe()}. Load {loadBefore} at the start, {Machine.Load()} at the end; {turns} turns, medians.");
    }

    private Contender Analyze(string file) => new("analyze", program, "analyze", file);

    private Measured Once(string name, long packets, int flows, string label)
    {
        var file = Generate(name, packets, flows);
        var measured = Show(label, packets, Analyze(file));
        File.Delete(file);
        return measured;
    }

    private Measured Show(string label, long packets, Contender contender)
    {
        var runs = Enumerable.Range(0, turns).Select(_ => contender.Run()).ToList();
        var median = new Measured(Duel.Median(runs.Select(r => r.Seconds)), Duel.Median(runs.Select(r => r.CpuSeconds)), contender.SampleMemory());
        Console.WriteLine($"| {label} | {Text(median.Seconds)} s | {Text(median.CpuSeconds)} s | {(packets == 0 ? "" : Text(packets / median.Seconds / 1e6))} | {median.AnonymousMiB:0} |");
        return median;
    }

    private static void Print(string rival, Duel duel, double scale = 1)
    {
        var times = $"{Text(Duel.Median(duel.Rivals.Select(r => r.Seconds * scale)))} s | {Text(Duel.Median(duel.Ours.Select(r => r.Seconds)))} s";
        Console.WriteLine($"| {rival} | {times} | {Text(Duel.Median(duel.WallRatios))} | {Text(duel.WallRatios.Min())} to {Text(duel.WallRatios.Max())} | {Text(Duel.Median(duel.CpuRatios))} |");
    }

    /// <summary>
    /// Writes a capture, lets the kernel forget it and reads it once: then it is in the page cache as a file that came from a disk is, in large
    /// pieces. Set back in time, it is old enough to be mapped.
    /// </summary>
    private string Generate(string name, long packets, int flows)
    {
        var file = Path.Combine(folder, name);
        CaptureGenerator.Write(new CaptureRecipe(file, packets, flows, FrameBytes, name.EndsWith("ng", StringComparison.Ordinal), 1));
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
        new Contender("dd", "dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0").Run();
        using var stream = File.OpenRead(file);
        stream.CopyTo(Stream.Null, 1 << 20);
        return file;
    }

    /// <summary>A malformed frame may lead tshark astray and make it look slow.</summary>
    private static void RequirePlainUdp(string file)
    {
        new Contender("tshark", "tshark", "-r", file, "-q", "-z", "io,phs").Run(out var output);
        var frames = output.Split('\n').Where(l => l.Contains("frames:", StringComparison.Ordinal)).ToDictionary(l => l.Split("frames:")[0].Trim(), l => l.Split("frames:")[1].Split(' ')[0]);
        if (!frames.Keys.Take(3).SequenceEqual(["eth", "ip", "udp"]) || frames["eth"] != frames["udp"]) throw new InvalidOperationException("not plain UDP: " + output);
    }

    private static string Text(double value) => value.ToString(value < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
