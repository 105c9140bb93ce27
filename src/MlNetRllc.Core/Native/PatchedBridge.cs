using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MlNetRllc.Core.Native;

/// <summary>Loads a library from an image in memory, where nobody else can put another in its
/// place.</summary>
/// <remarks>
/// No copy is kept anywhere: what lies in a shared folder from one start to the next may be
/// somebody else's at the next. The image goes into a file that exists in memory alone; where the
/// system does not run code from there, into a new folder that only this user may enter, gone once
/// it is loaded.
/// </remarks>
internal static class PatchedBridge
{
    private const uint CloseOnExec = 1;

    /// <summary>Loads an image.</summary>
    /// <param name="name">Name of its file.</param>
    /// <param name="image">Its content.</param>
    /// <exception cref="DllNotFoundException">The system does not load it, from memory or from a
    /// file.</exception>
    /// <exception cref="IOException">It is loaded from no memory, and no temporary folder can be
    /// written.</exception>
    /// <exception cref="UnauthorizedAccessException">As for <see cref="IOException"/>.</exception>
    public static void Load(string name, byte[] image)
    {
        if (TryLoadFromMemory(name, image)) return;
        var folder = Directory.CreateTempSubdirectory("MlNetRllc-"); // made with mode 0700
        try
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllBytes(path, image);
            NativeLibrary.Load(path);
        }
        finally
        {
            folder.Delete(recursive: true); // what is loaded stays
        }
    }

    private static bool TryLoadFromMemory(string name, byte[] image)
    {
        try
        {
            using var file = new SafeFileHandle(MemoryFile(name, CloseOnExec), ownsHandle: true);
            if (file.IsInvalid) return false;
            RandomAccess.Write(file, image, 0);
            return NativeLibrary.TryLoad($"/proc/self/fd/{file.DangerousGetHandle()}", out _);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EntryPointNotFoundException or NotSupportedException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "memfd_create", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int MemoryFile([MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint flags);
}
