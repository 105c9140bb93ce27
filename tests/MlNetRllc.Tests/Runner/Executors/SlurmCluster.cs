using System.Diagnostics;
using System.Globalization;

namespace MlNetRllc.Tests.Runner.Executors;

/// <summary>
/// A real Slurm: a controller and two nodes of two cores, in namespaces of their own. Its addresses exist inside them only,
/// and nothing outlives it: the first process of the process namespace ends when the test closes its input or dies, and the
/// system then ends all others.
/// </summary>
internal sealed class SlurmCluster : IDisposable
{
    private const string Namespaces = "--mount --net --pid --uts --ipc";

    /// <summary>$1: folder for configuration, state and logs.</summary>
    private const string Setup = """
        set -eu
        export PATH="$PATH:/usr/sbin:/sbin"
        dir=$1
        mkdir -p "$dir"/{ctl,n1,n2,log}
        hostname ctl
        mount -t tmpfs none /run
        ip link set lo up
        ip link add name br0 type bridge
        ip addr add 10.77.0.1/24 dev br0
        ip link set br0 up
        for i in 1 2; do
          ip netns add n$i
          ip link add v$i type veth peer name eth0 netns n$i
          ip link set v$i master br0 up
          ip -n n$i addr add 10.77.0.1$i/24 dev eth0
          ip -n n$i link set eth0 up
          ip -n n$i link set lo up
        done
        dd if=/dev/urandom of="$dir/munge.key" bs=128 count=1 status=none
        chmod 600 "$dir/munge.key"
        munged --force --key-file="$dir/munge.key" --socket="$dir/munge.socket" --pid-file="$dir/munge.pid" \
            --log-file="$dir/log/munge.log" --seed-file="$dir/munge.seed" 2>/dev/null
        cat > "$dir/slurm.conf" <<END
        ClusterName=test
        SlurmctldHost=ctl(10.77.0.1)
        AuthType=auth/munge
        AuthInfo=socket=$dir/munge.socket
        CredType=cred/munge
        SlurmUser=root
        SlurmdUser=root
        StateSaveLocation=$dir/ctl
        SlurmdSpoolDir=$dir/%n
        SlurmctldPidFile=$dir/ctl.pid
        SlurmdPidFile=$dir/%n.pid
        SlurmctldLogFile=$dir/log/ctl.log
        SlurmdLogFile=$dir/log/%n.log
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        SwitchType=switch/none
        MpiDefault=none
        JobAcctGatherType=jobacct_gather/none
        AccountingStorageType=accounting_storage/none
        ReturnToService=2
        SlurmdTimeout=4
        MessageTimeout=4
        KillWait=2
        SelectType=select/cons_tres
        SelectTypeParameters=CR_CPU
        SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1
        MailProg=/bin/true
        NodeName=n1 NodeAddr=10.77.0.11 CPUs=2 State=UNKNOWN
        NodeName=n2 NodeAddr=10.77.0.12 CPUs=2 State=UNKNOWN
        PartitionName=main Nodes=n1,n2 Default=YES MaxTime=60 State=UP
        END
        export SLURM_CONF="$dir/slurm.conf"
        slurmctld
        for i in 1 2; do nsenter --net=/run/netns/n$i unshare --uts sh -c "hostname n$i; exec slurmd"; done
        for k in {1..300}; do if [ "$(sinfo -h -t idle -o %D)" = 2 ]; then break; fi; sleep 0.1; done
        echo up
        cat > /dev/null
        """;

    private readonly Process unshare;
    private readonly int first;

    public SlurmCluster()
    {
        Folder = Directory.CreateTempSubdirectory("mlnetrllc-slurm-").FullName;
        string[] arguments =
            [.. Namespaces.Split(' '), "--fork", "--kill-child", "--mount-proc", "bash", "-c", Setup, "cluster", Folder];
        var start = new ProcessStartInfo("unshare", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        unshare = Process.Start(start)!;
        if (unshare.StandardOutput.ReadLine() != "up")
        {
            var errors = unshare.StandardError.ReadToEnd();
            Dispose();
            throw new InvalidOperationException($"The test's Slurm did not start: {errors}");
        }
        first = Child(unshare);
    }

    /// <summary>Why there can be none on this machine; null when there can be one.</summary>
    public static string? Missing { get; } = FindMissing();

    public string Folder { get; }

    /// <summary>Starts a command inside.</summary>
    public Process Start(string folder, params IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("nsenter", [$"--target={first}", .. Namespaces.Split(' '), $"--wd={folder}", "--", .. command])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["SLURM_CONF"] = Path.Combine(Folder, "slurm.conf") },
        };
        return Process.Start(start)!;
    }

    /// <summary>Runs a line of bash inside and gives its output.</summary>
    public string Run(string line)
    {
        using var process = Start(Folder, "bash", "-c", line);
        return RunnerProcess.End(process).Output;
    }

    /// <summary>Sends a signal to a command that was started inside.</summary>
    public static void Signal(Process process, string signal) => Signals.Send(Child(process), signal);

    /// <summary>Cuts a node's network and ends all that runs on it, as a power failure does.</summary>
    public void Kill(string node) => Run($"ip link set v{node[1..]} down; kill -9 $(ip netns pids {node})");

    /// <summary>Lets tasks that were queued again start now; Slurm holds them back for two minutes.</summary>
    public void StartNow() => Run("squeue -h -r -t PENDING -o '%F_%K %r' | while read -r job reason; do "
        + "if [ \"$reason\" = BeginTime ]; then scontrol update jobid=$job starttime=now; fi; done");

    public void Dispose()
    {
        unshare.StandardInput.Close();
        if (!unshare.WaitForExit(TimeSpan.FromSeconds(10))) unshare.Kill();
        unshare.WaitForExit();
        unshare.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static int Child(Process process)
    {
        var path = $"/proc/{process.Id}/task/{process.Id}/children";
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(20); Thread.Sleep(10))
            if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } children)
                return int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture);
        throw new InvalidOperationException($"The process {process.Id} has no child.");
    }

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux()) return "Slurm runs on Linux.";
        if (Environment.UserName != "root") return "Network namespaces need root.";
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];
        string[] programs = ["sbatch", "slurmctld", "slurmd", "munged", "ip", "unshare", "nsenter"];
        var absent = programs.Where(p => !folders.Any(f => File.Exists(Path.Combine(f, p)))).ToList();
        if (absent.Count > 0) return $"Not installed: {string.Join(", ", absent)} (Debian: apt-get install slurm-wlm munge iproute2).";
        const string probe = "PATH=$PATH:/usr/sbin:/sbin; mount -t tmpfs none /run && ip link add name br0 type bridge"
            + " && ip netns add n1 && ip link add v1 type veth peer name eth0 netns n1";
        var tried = RunnerProcess.RunShell("/", $"unshare {Namespaces} --fork --kill-child --mount-proc bash -c '{probe}'");
        return tried.ExitCode == 0 ? null : $"Namespaces cannot be made here: {tried.Errors.Trim()}";
    }
}
