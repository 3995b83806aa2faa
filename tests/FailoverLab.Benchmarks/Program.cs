using System.Globalization;
using FailoverLab.Benchmarks;

switch (args)
{
    case ["generate", var file, var packets, var flows]:
        CaptureGenerator.Write(new CaptureRecipe(file, long.Parse(packets, CultureInfo.InvariantCulture), Number(flows), 146, file.EndsWith("ng", StringComparison.Ordinal), 1));
        return 0;
    case ["captures", var program, .. var rest]:
        return InFolder(folder => new CaptureBenchmark(program, rest.Where(a => int.TryParse(a, out _)).Select(Number).FirstOrDefault(5), folder, rest.Contains("large")).Run());
    case ["balancer", var program, var seconds]:
        return InFolder(folder => new BalancerBenchmark(program, Number(seconds), folder).Run());
    case ["tunnel", var program, .. var rest]:
        return InFolder(folder => new TunnelBenchmark(program, rest is [var turns, ..] ? Number(turns) : 5, rest is [_, var seconds] ? Number(seconds) : 5, folder).Run());
    case ["outages", var program, .. var rest]:
        var scale = rest is [var share, ..] ? double.Parse(share, CultureInfo.InvariantCulture) : 1;
        return InFolder(folder => new OutageBenchmark(program, scale, rest is [_, var only] ? only : "", folder).Run());
    case ["calm", var program, var seconds]:
        return InFolder(folder => new CalmBenchmark(program, TimeSpan.FromSeconds(Number(seconds)), folder).Run());
    case ["start-skew", var program, .. var rest]:
        return InFolder(folder => new StartSkewBenchmark(program, rest is [var starts, ..] ? Number(starts) : 100, folder, rest is [_, var only] ? only : "").RunAsync().GetAwaiter().GetResult());
    case ["clock-error", var program, .. var rest]:
        return InFolder(folder => new ClockErrorBenchmark(program, rest is [var times, ..] ? Number(times) : 10, folder, rest is [_, var only] ? only : "").RunAsync().GetAwaiter().GetResult());
    case ["many-hosts", var hosts]:
        return InFolder(folder => new StartSkewBenchmark("", 0, folder).ArmAsync(Number(hosts)).GetAwaiter().GetResult());
    case ["mptcp", var cuts]:
        Console.WriteLine(new MptcpBenchmark(Number(cuts)).Measure());
        return 0;
    case ["stream-receive", var port]:
        return ByteStream.Receive(Number(port));
    case ["stream-send", var address, var port]:
        return ByteStream.Send(address, Number(port));
    case ["wan", "virtual"]:
        WanVirtualBenchmark.Run();
        return 0;
    case ["wan", var program, .. var rest]:
        new WanBenchmark(program, rest is [var length, ..] ? Number(length) : 10, rest is [_, var part] ? part : "").Run();
        return 0;
    default:
        Console.Error.WriteLine("generate FILE PACKETS FLOWS | captures PROGRAM [TURNS] [large] | balancer PROGRAM SECONDS | tunnel PROGRAM [TURNS] [SECONDS] | outages PROGRAM [SHARE] [NAME] | calm PROGRAM SECONDS | mptcp CUTS | start-skew PROGRAM [STARTS] [FAR SIDE] | clock-error PROGRAM [TIMES] [FAR SIDE] | many-hosts HOSTS | wan PROGRAM [SECONDS] [PART] | wan virtual");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int InFolder(Action<string> run)
{
    var folder = Directory.CreateTempSubdirectory("failoverlab-benchmark");
    try
    {
        run(folder.FullName);
        return 0;
    }
    finally
    {
        folder.Delete(recursive: true);
    }
}
