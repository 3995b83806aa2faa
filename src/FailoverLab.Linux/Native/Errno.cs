namespace FailoverLab.Linux;

/// <summary>Error numbers of Linux (asm-generic) that are told apart here.</summary>
internal static class Errno
{
    internal const int NotPermitted = 1;
    internal const int NoEntry = 2;
    internal const int NoProcess = 3;
    internal const int Interrupted = 4;
    internal const int InputOutput = 5;
    internal const int NoDeviceOrAddress = 6;
    internal const int Again = 11;
    internal const int AccessDenied = 13;
    internal const int Busy = 16;
    internal const int NoDevice = 19;
    internal const int Invalid = 22;
    internal const int TooManyFiles = 24;
    internal const int BadDescriptorState = 77;
    internal const int MessageTooLong = 90;
    internal const int NotSupported = 95;
    internal const int AddressInUse = 98;
    internal const int AddressNotAvailable = 99;
    internal const int NetworkDown = 100;
    internal const int NetworkUnreachable = 101;
    internal const int NoBuffers = 105;
    internal const int HostUnreachable = 113;
}
