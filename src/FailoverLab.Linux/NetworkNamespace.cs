using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>
/// A network namespace and a thread that lives in it. Sockets opened by <see cref="Run{T}"/> stay in the namespace and are usable from any
/// thread; processes started there inherit it. Safe from any thread.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private const int KindNetwork = 0x40000000;
    private const int ReadOnlyCloseOnExec = 0x80000;
    private readonly Descriptor _handle;
    private readonly Thread _thread;
    private readonly BlockingCollection<Task> _work = [];

    private NetworkNamespace(Descriptor handle, string name)
    {
        _handle = handle;
        Name = name;
        _thread = new Thread(Loop) { IsBackground = true, Name = $"netns {name}" };
        _thread.Start();
        try
        {
            Run(EnterOnThisThread);
        }
        catch (LinuxException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The path it was opened by, or <c>anonymous</c>.</summary>
    public string Name { get; }

    /// <summary>Opens a namespace by a file that stands for it.</summary>
    /// <param name="path"><c>/run/netns/NAME</c> or <c>/proc/PID/ns/net</c>.</param>
    /// <exception cref="LinuxException">No such namespace, or not allowed to enter it.</exception>
    public static NetworkNamespace Open(string path) =>
        new(Descriptor.Own(Libc.open(path, ReadOnlyCloseOnExec, 0), "open", path), path);

    /// <summary>Makes a new, empty namespace that ends with this object, its sockets and its processes.</summary>
    /// <exception cref="LinuxException">Not allowed to make one.</exception>
    public static NetworkNamespace CreateAnonymous()
    {
        var made = new Task<Descriptor>(() =>
        {
            if (Libc.unshare(KindNetwork) != 0)
            {
                throw new LinuxException("unshare", "network namespace", Marshal.GetLastPInvokeError());
            }

            return Descriptor.Own(Libc.open("/proc/thread-self/ns/net", ReadOnlyCloseOnExec, 0), "open", "/proc/thread-self/ns/net");
        });

        // A thread of its own: it stays in the new namespace and must not go back to a pool.
        var thread = new Thread(() => made.RunSynchronously(TaskScheduler.Default));
        thread.Start();
        thread.Join();
        return new NetworkNamespace(made.GetAwaiter().GetResult(), "anonymous");
    }

    /// <summary>Runs a function on this namespace's thread and returns its result; what it throws is thrown here.</summary>
    /// <exception cref="ObjectDisposedException">The namespace was disposed.</exception>
    public T Run<T>(Func<T> function)
    {
        if (Thread.CurrentThread == _thread)
        {
            return function();
        }

        ObjectDisposedException.ThrowIf(_work.IsAddingCompleted, this);
        var task = new Task<T>(function);
        _work.Add(task);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Runs an action on this namespace's thread; what it throws is thrown here.</summary>
    public void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    /// <summary>Moves the calling thread into this namespace for the rest of its life: for a packet loop's own thread, never for a pool's.</summary>
    /// <exception cref="LinuxException">Not allowed.</exception>
    public void EnterOnThisThread()
    {
        if (Libc.setns(_handle.Number, KindNetwork) != 0)
        {
            throw new LinuxException("setns", Name, Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Ends the thread once the work given so far is done. Sockets and processes in the namespace live on.</summary>
    public void Dispose()
    {
        if (_work.IsAddingCompleted)
        {
            return;
        }

        _work.CompleteAdding();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }

        _handle.Dispose();
    }

    // A task carries the outcome, result or exception, to the caller who waits for it.
    private void Loop()
    {
        foreach (var task in _work.GetConsumingEnumerable())
        {
            task.RunSynchronously(TaskScheduler.Default);
        }

        _work.Dispose();
    }
}
