import { LoadingState, rangeUtil } from '@grafana/data';
import { type EmbeddedScene, SceneQueryRunner, sceneGraph, VizPanel } from '@grafana/scenes';
import { GlobalStyles, PortalContainer, ThemeContext } from '@grafana/ui';
import { Component, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { MemoryRouter } from 'react-router-dom';
import { readMarks } from './annotations.ts';
import { PrometheusDataSource } from './data-source.ts';
import { prepare } from './grafana.ts';
import { MarksProvider, registerPanels } from './panels.tsx';
import { sceneOf } from './scene.ts';

const complaints: string[] = [];

class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch(error: Error) {
    complaints.push(error.stack ?? error.message);
  }

  override render() {
    return this.state.failed ? null : this.props.children;
  }
}

const isDone = (scene: EmbeddedScene): boolean =>
  sceneGraph
    .findAllObjects(scene, (object) => object instanceof SceneQueryRunner)
    .every((runner) => {
      const { data } = (runner as SceneQueryRunner).state;
      return data?.state === LoadingState.Done || data?.state === LoadingState.Error;
    });

/** What panels say with a red sign: transformations that failed, and the like. */
const failuresIn = (scene: EmbeddedScene): string[] =>
  sceneGraph
    .findAllObjects(scene, (object) => object instanceof VizPanel)
    .flatMap((panel) => {
      const { title } = (panel as VizPanel).state;
      const errors = sceneGraph.getData(panel).state.data?.errors ?? [];
      return errors.map(({ message }) => `${title}: ${message}`);
    });

async function draw(): Promise<void> {
  const { dashboard, from, interval } = window.order;
  const theme = prepare(new PrometheusDataSource(interval, (text) => complaints.push(text)));
  const range = rangeUtil.convertRawToRange({ from: from ?? dashboard.time.from, to: 'now' });
  const times = { start: range.from.valueOf() / 1000, end: range.to.valueOf() / 1000, step: interval };
  const marks = await readMarks(dashboard.annotations.list, times);
  registerPanels();
  const scene = sceneOf(window.order);
  window.progress = { isDone: () => isDone(scene), complaints: () => [...complaints, ...failuresIn(scene)] };
  createRoot(document.getElementById('root') as HTMLElement).render(
    <Boundary>
      <ThemeContext.Provider value={theme}>
        <GlobalStyles />
        <MemoryRouter>
          <main style={{ padding: 16 }}>
            <h3>{dashboard.title}</h3>
            <MarksProvider value={marks}>
              <scene.Component model={scene} />
            </MarksProvider>
          </main>
          <PortalContainer />
        </MemoryRouter>
      </ThemeContext.Provider>
    </Boundary>,
  );
}

window.progress = { isDone: () => false, complaints: () => complaints };
draw().catch((error: Error) => {
  complaints.push(error.stack ?? error.message);
  window.progress = { isDone: () => true, complaints: () => complaints };
});
