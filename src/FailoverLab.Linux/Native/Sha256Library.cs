using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary>
/// SHA-256 of libcrypto.so.3, by address so that a system without it is noticed and not crashed into. The calls are marked deprecated there
/// yet exported by every 3.x; they take about a microsecond for a datagram, so the GC need not be told.
/// </summary>
internal sealed unsafe class Sha256Library
{
    private readonly delegate* unmanaged[SuppressGCTransition]<Sha256State*, int> _init;
    private readonly delegate* unmanaged[SuppressGCTransition]<Sha256State*, byte*, nuint, int> _update;
    private readonly delegate* unmanaged[SuppressGCTransition]<byte*, Sha256State*, int> _final;

    private Sha256Library(nint init, nint update, nint final)
    {
        _init = (delegate* unmanaged[SuppressGCTransition]<Sha256State*, int>)init;
        _update = (delegate* unmanaged[SuppressGCTransition]<Sha256State*, byte*, nuint, int>)update;
        _final = (delegate* unmanaged[SuppressGCTransition]<byte*, Sha256State*, int>)final;
    }

    /// <summary>The library; <see langword="null"/> where it is not there.</summary>
    public static Sha256Library? Shared { get; } = Load();

    public void Init(Sha256State* state) => _ = _init(state);

    public void Update(Sha256State* state, byte* data, nuint length) => _ = _update(state, data, length);

    public void Final(byte* digest, Sha256State* state) => _ = _final(digest, state);

    private static Sha256Library? Load() =>
        NativeLibrary.TryLoad("libcrypto.so.3", out var library)
        && NativeLibrary.TryGetExport(library, "SHA256_Init", out var init)
        && NativeLibrary.TryGetExport(library, "SHA256_Update", out var update)
        && NativeLibrary.TryGetExport(library, "SHA256_Final", out var final)
            ? new Sha256Library(init, update, final)
            : null;
}
