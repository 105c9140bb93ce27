using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Core.Sampling;

/// <summary>Samples the localised tempered posterior exactly, by accepting or refusing whole
/// trajectories on the full data: ground truth for small models.</summary>
/// <remarks>
/// Hamiltonian Monte Carlo (Duane et al., 1987) with unit masses on U(w) = nbeta L(w) + gamma/2
/// |w - w*|^2: momenta are drawn anew, a leapfrog trajectory of step h = sqrt(StepSize) is
/// followed, and its end is accepted with probability min(1, exp(-change of the Hamiltonian)). One
/// leapfrog step is MALA, SGLD made exact (Roberts and Tweedie, 1996). There is no step-size bias,
/// at the cost of full-data losses.
/// </remarks>
/// <param name="engine">Losses and gradients; every step uses all its rows.</param>
public sealed class MetropolisSampler(ILossEngine<double> engine)
{
    /// <summary>Leapfrog steps for each proposal: 1 is MALA.</summary>
    public int LeapfrogSteps { get; init; } = 1;

    /// <summary>Samples the engine's first component.</summary>
    /// <param name="component">The names its noise derives from.</param>
    /// <param name="options">Posterior, chains and draws.</param>
    /// <param name="cancellation">Stops between two proposals.</param>
    /// <returns>The trace; its acceptance is the share of proposals taken, its baseline the loss of
    /// w* on all data. No chain diverges: a trajectory that leaves the finite numbers is
    /// refused.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range, or
    /// <see cref="LeapfrogSteps"/> is below 1.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public LossTrace Sample(
        SampledComponent component, ChainOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(component);
        Limits.AtLeast(LeapfrogSteps, 1);
        options.Validated();
        int[] rows = [.. Enumerable.Range(0, engine.RowCount)];
        var center = engine.CenterOf(0);
        var baseline = engine.Evaluate(rows, []);
        var chains = Enumerable.Range(0, options.Chains).Select(chain =>
        {
            var random = NamedRandom.Stream([options.Seed, .. component.StreamNames, chain, "metropolis"]);
            return new MetropolisChain(engine, rows, new(0, chain, center), options, LeapfrogSteps, random).Run(cancellation);
        }).ToList();
        return new()
        {
            Component = component.Name,
            Dimension = center.Length,
            NBeta = options.NBeta,
            Chains = options.Chains,
            Draws = options.Draws,
            Losses = [.. chains.SelectMany(c => c.Losses)],
            BaselineLosses = [.. Enumerable.Repeat(baseline, options.Draws)],
            MalaAcceptance = [.. chains.Select(c => c.Acceptance)],
            DivergedAt = [.. chains.Select(_ => -1)],
        };
    }

    private sealed class MetropolisChain(
        ILossEngine<double> engine,
        int[] rows,
        Walker<double> walker,
        ChainOptions options,
        int leapfrogSteps,
        NamedRandom random)
    {
        private readonly double h = Math.Sqrt(options.StepSize);
        private readonly double[] momentum = new double[walker.Center.Length];
        private readonly double[] saved = new double[walker.Center.Length];
        private readonly double[] savedGradient = new double[walker.Center.Length];

        public (double[] Losses, double Acceptance) Run(CancellationToken cancellation)
        {
            var losses = new double[options.Draws];
            var accepted = 0;
            engine.Evaluate(rows, [walker]);
            for (var step = 0; step < options.Steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (step >= options.BurnIn && (step - options.BurnIn) % options.Thinning == 0)
                    losses[(step - options.BurnIn) / options.Thinning] = walker.Loss;
                if (Propose((ulong)step)) accepted++;
            }
            return (losses, (double)accepted / options.Steps);
        }

        private bool Propose(ulong step)
        {
            random.Normals(momentum, step);
            walker.Position.CopyTo(saved, 0);
            walker.Gradient.CopyTo(savedGradient, 0);
            var (loss, before) = (walker.Loss, Hamiltonian());
            for (var i = 0; i < leapfrogSteps; i++) Leapfrog();
            // `not less` also refuses a trajectory that has left the finite numbers.
            if (!(Hamiltonian() - before <= -ScalarFunctions.Log(random.Uniform(step, ulong.MaxValue))))
            {
                saved.CopyTo(walker.Position, 0);
                savedGradient.CopyTo(walker.Gradient, 0);
                walker.Loss = loss;
                return false;
            }
            return true;
        }

        private void Leapfrog()
        {
            Kick();
            for (var i = 0; i < momentum.Length; i++) walker.Position[i] += h * momentum[i];
            engine.Evaluate(rows, [walker]);
            Kick();
        }

        private void Kick()
        {
            for (var i = 0; i < momentum.Length; i++)
                {
                    var pull = options.Localization * (walker.Position[i] - walker.Center[i]);
                    momentum[i] -= h / 2 * (options.NBeta * walker.Gradient[i] + pull);
                }
        }

        private double Hamiltonian()
        {
            var energy = options.NBeta * walker.Loss;
            for (var i = 0; i < momentum.Length; i++)
            {
                var away = walker.Position[i] - walker.Center[i];
                energy += options.Localization / 2 * away * away + momentum[i] * momentum[i] / 2;
            }
            return energy;
        }
    }
}
