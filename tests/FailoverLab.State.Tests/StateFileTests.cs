using FailoverLab.Control;
using FailoverLab.Testing;
using Microsoft.Data.Sqlite;

namespace FailoverLab.State.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StateFileTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("failoverlab-state").FullName;

    private string Path => System.IO.Path.Combine(_folder, "state.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Save_BalancerChanges_LoadedAsTheyWere()
    {
        var changes = new BalancerSnapshot(
            [new(new("r1", "näme 'quoted\"", 25.5, 45.2, 150.3, 5, "192.0.2.1", null), At), new(new("r2", "r2", 0, 0, 0, 0, null, "2001:db8::1"), At)],
            [new("e1", "r1", At), new("e2", "r2", null)],
            [],
            [])
        {
            Hosts = [new("business", "b", "192.0.2.9", 1.5, At), new("controller", "c", "host.example.org", 0, At)],
        };
        using (var file = BalancerStateFile.Open(Path))
        {
            file.Save(changes);
        }

        using var again = BalancerStateFile.Open(Path);
        AssertSame(again.Load(), changes);
        again.Save(new BalancerSnapshot([], [new("e1", "r2", null)], ["r1"], ["e2"]));
        AssertSame(again.Load(), new BalancerSnapshot([changes.Reports[1]], [new("e1", "r2", null)], [], []) { Hosts = changes.Hosts });
    }

    [Test]
    public void Save_ControllerChanges_LoadedAsTheyWere()
    {
        var device = new Device { DeviceId = "d", DeviceType = "router", Hostname = null, ManagementIp = "192.0.2.9", Interfaces = ["eth0", "wan 1"], TunIPv4 = "10.0.0.1", TunIPv6 = "fd00::1", Status = "fine", LastSeen = At };
        using (var file = ControllerStateFile.Open(Path))
        {
            file.Save(new RegistrySnapshot([device], [new("d", "{\"a\":1}")], [new("d", "10.0.0.1", "fd00::1"), new("x", "10.0.0.2", null)]));
        }

        using var again = ControllerStateFile.Open(Path);
        var loaded = again.Load();
        Assert.That(loaded.Devices.Single() with { Interfaces = [] }, Is.EqualTo(device with { Interfaces = [] }));
        Assert.That(loaded.Devices.Single().Interfaces, Is.EqualTo(device.Interfaces));
        Assert.That(loaded.Configs, Is.EqualTo(new[] { new DeviceConfig("d", "{\"a\":1}") }));
        Assert.That(loaded.Leases, Is.EqualTo(new[] { new AddressLease("d", "10.0.0.1", "fd00::1"), new AddressLease("x", "10.0.0.2", null) }));
    }

    [Test]
    public void Open_WhileOpen_Refused()
    {
        using var first = BalancerStateFile.Open(Path);
        Assert.That(() => BalancerStateFile.Open(Path), Throws.TypeOf<StateFileException>().With.Message.Contain("in use by another process"));
        first.Save(new BalancerSnapshot([], [new("e", "r", null)], [], []));
    }

    [Test]
    public void Open_TheOtherServicesFile_Refused()
    {
        BalancerStateFile.Open(Path).Dispose();
        Assert.That(() => ControllerStateFile.Open(Path), Throws.TypeOf<StateFileException>().With.Message.Contain("belongs to another program"));
        BalancerStateFile.Open(Path).Dispose();
    }

    [Test]
    public void Open_LaterVersion_Refused()
    {
        BalancerStateFile.Open(Path).Dispose();
        Run("PRAGMA user_version = 99");
        Assert.That(() => BalancerStateFile.Open(Path), Throws.TypeOf<StateFileException>().With.Message.Contain("another version"));
    }

    [Test]
    public void Load_RowsOfWrongKinds_OneClearError()
    {
        BalancerStateFile.Open(Path).Dispose();
        Run("INSERT INTO choice VALUES ('e', 'r', 9223372036854775807)");
        using var file = BalancerStateFile.Open(Path);
        Assert.That(file.Load, Throws.TypeOf<StateFileException>().With.Message.Contain("holds what this program did not write"));
    }

    [Test]
    public void Open_BytesFlippedOrCutAnywhere_ClearErrorOrSoundState()
    {
        const ulong Seed = 4;
        using (var file = BalancerStateFile.Open(Path))
        {
            file.Save(Many(300));
        }

        var whole = File.ReadAllBytes(Path);
        Assert.That(whole, Has.Length.GreaterThan(8 * 4096));
        var random = new Primitives.SeededRandom(Seed);
        var refused = 0;
        for (var turn = 0; turn < 200; turn++)
        {
            var bytes = turn % 4 == 0 ? whole[..(int)(random.NextDouble() * whole.Length)] : [.. whole];
            for (var i = 0; i < 64 && bytes.Length > 0; i++)
            {
                bytes[(int)(random.NextDouble() * bytes.Length)] ^= (byte)(1 + (int)(random.NextDouble() * 255));
            }

            File.WriteAllBytes(Path, bytes);
            File.Delete(Path + "-wal");
            try
            {
                using var file = BalancerStateFile.Open(Path);
                file.Load();
            }
            catch (StateFileException e)
            {
                Assert.That(e.Message, Does.StartWith($"the state file '{Path}' "), $"seed {Seed}, turn {turn}");
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(100), $"seed {Seed}");
    }

    [Test]
    public void Save_FileFull_FaultWithoutHalfWrites_GoesOnWhenThereIsRoom()
    {
        var changes = Many(2000);
        using (var file = BalancerStateFile.Open(Path, maxPages: 20))
        {
            file.Save(Many(10));
            Assert.That(() => file.Save(changes), Throws.TypeOf<StateFileException>().With.Message.Contain("the disk is full"));
            Assert.That(file.Load().Reports, Has.Count.EqualTo(10));
            file.Save(Many(11));
        }

        using var roomy = BalancerStateFile.Open(Path);
        roomy.Save(changes);
        Assert.That(roomy.Load().Reports, Has.Count.EqualTo(2000));
    }

    [Test]
    public void Restart_DuringAHold_HoldGoesOnOverIt()
    {
        var time = new ManualTime();
        using (var file = BalancerStateFile.Open(Path))
        {
            var balancer = new RouterBalancer(BalancerRules.Default, time);
            balancer.Report(Report("r1", 10));
            balancer.Decide("e");
            balancer.Report(Report("r1", 80));
            balancer.Report(Report("r2", 10));
            Assert.That(balancer.Decide("e")!.Primary.Report.RouterId, Is.EqualTo("r1"), "the hold begins");
            file.Save(balancer.TakeChanges());
            Assert.That(balancer.TakeChanges().IsEmpty);
        }

        time.Advance(TimeSpan.FromSeconds(25));
        using var again = BalancerStateFile.Open(Path);
        var restarted = new RouterBalancer(BalancerRules.Default, time, again.Load());
        Assert.That(restarted.Decide("e")!.Primary.Report.RouterId, Is.EqualTo("r1"), "25 s of the hold's 30");
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(restarted.Decide("e")!.Primary.Report.RouterId, Is.EqualTo("r2"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(restarted.Decide("e"), Is.Null, "reports age over the restart too");
    }

    private static BalancerSnapshot Many(int count) =>
        new([.. Enumerable.Range(0, count).Select(i => new TimedReport(Report($"router {i}", i % 100), At))], [.. Enumerable.Range(0, count).Select(i => new RouterChoice($"endpoint {i}", "r", null))], [], []);

    private static RouterReport Report(string id, double cpu) => new(id, id, cpu, 10, 10, 1, null, null);

    private static void AssertSame(BalancerSnapshot actual, BalancerSnapshot expected)
    {
        Assert.That(actual.Reports, Is.EqualTo(expected.Reports));
        Assert.That(actual.Choices, Is.EqualTo(expected.Choices));
        Assert.That(actual.Hosts, Is.EqualTo(expected.Hosts));
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
